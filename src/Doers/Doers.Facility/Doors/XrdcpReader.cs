using System.Globalization;

namespace OpsAgent.Doers.Facility.Doors;

/// <summary>
/// Reads an XRootD door by xrdcp, which writes to its stdout: the file it goes to has no name that xrdcp could open. It gets
/// limits of its own, so that a door that is dead or silent is told as such, and ours around them, which ends its whole process
/// group.
/// </summary>
internal sealed class XrdcpReader(XrdcpOptions options, DoerLog log, TimeProvider time) : IDoorReader
{
    private const int ConnectSeconds = 10;
    private const int AnswerSeconds = 30;
    private const int UrlLimit = 2000; // xrdcp 5.5 reads lines of a file of URLs up to 2046 characters

    // The URL may hold a token, and arguments are seen by everybody on the host: it goes through stdin.
    private static readonly string[] Arguments = ["--nopbar", "--infiles", "/proc/self/fd/0", "-"];

    public async Task CopyAsync(Door door, DoorTarget target, TimeSpan limit, CancellationToken stop)
    {
        if (!File.Exists(options.Program))
        {
            throw new DoorFailedException($"{options.Program} is not installed (package xrootd-client, or name it by XRDCP)");
        }

        if (door.Url.Length > UrlLimit)
        {
            throw new DoorFailedException($"its URL has {door.Url.Length} characters, xrdcp takes {UrlLimit}");
        }

        var command = new GroupCommand(options.Program, Arguments)
        {
            Environment = Environment(limit),
            Input = door.Url + "\n",
            Output = target.FillAsync,
            Hide = line => DoorSecrets.Hide(door, line),
        };
        var run = await ChildGroup.RunAsync(command, time, stop);
        foreach (var line in run.Errors)
        {
            log.Line("  xrdcp: " + line);
        }

        if (run.ExitCode != 0)
        {
            var last = run.Errors.Count > 0 ? run.Errors[^1] : "it said nothing";
            throw new DoorFailedException($"xrdcp exit {run.ExitCode}: {last}", IsSilence(last));
        }
    }

    private static bool IsSilence(string line) =>
        line.Contains("Socket timeout", StringComparison.Ordinal) || line.Contains("Operation expired", StringComparison.Ordinal);

    private Dictionary<string, string> Environment(TimeSpan limit)
    {
        var connect = Math.Min(ConnectSeconds, Math.Max(1, (int)(limit.TotalSeconds / 2)));
        var answer = Math.Min(AnswerSeconds, Math.Max(1, (int)(limit.TotalSeconds / 2)));
        return new Dictionary<string, string>
        {
            ["X509_USER_PROXY"] = options.ProxyPath,
            ["XRD_CONNECTIONWINDOW"] = Text(connect),
            ["XRD_CONNECTIONRETRY"] = "1",
            ["XRD_REQUESTTIMEOUT"] = Text(answer),
            ["XRD_STREAMTIMEOUT"] = Text(answer),
            ["XRD_STREAMERRORWINDOW"] = "0",
            ["XRD_TIMEOUTRESOLUTION"] = "1",
            ["XRD_CPTIMEOUT"] = Text(Math.Max(1, (int)limit.TotalSeconds)),
            ["XRD_REDIRECTLIMIT"] = "16",
            // A file whose name ends in .meta4 is a file, not a list of other places to read.
            ["XRD_METALINKPROCESSING"] = "0",
            ["XRD_LOCALMETALINKFILE"] = "0",
        };
    }

    private static string Text(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
