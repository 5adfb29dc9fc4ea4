using System.Text;
using OpsAgent.Doers.Facility.Children;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.Facility.Panda;

/// <summary>
/// The panda client as it is installed: the variables that sourcing its setup script leaves, taken in a child of its own. Its token
/// is never read, copied or written here; the client renews it in place.
/// </summary>
public sealed class PandaClient
{
    private const string Env = "/usr/bin/env";
    private const long LargestEnvironment = 4 << 20;
    private const long EnvironmentRoom = 64 << 10;
    private const long ErrorRoom = 8 << 10;

    // The script's path is an argument, so nothing in it is ever taken for code.
    private const string Sourcing = "setup=$1; shift; . \"$setup\" 1>&2 || exit 97; exec " + Env + " -0";

    private static readonly string[] Shells = ["/bin/bash", "/bin/sh"];
    private static readonly string[] OfTheShell = ["_", "SHLVL", "PWD", "OLDPWD"];

    private readonly IReadOnlyDictionary<string, string> _environment;

    private PandaClient(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    /// <summary>Sources the setup; its files are made in <paramref name="folder"/>, which must be ours alone.</summary>
    public static async Task<PandaClient> OpenAsync(
        PandaClientOptions options, string folder, ProcessMark mark, TimeProvider time, CancellationToken stop)
    {
        if (!File.Exists(options.Setup))
        {
            throw new DoerException(DoerExit.Configuration, $"the panda client's setup {options.Setup} does not exist (see --pclient-setup)");
        }

        var (output, errors) = (Path.Combine(folder, "environment"), Path.Combine(folder, "setup.log"));
        try
        {
            await SourceAsync(options, folder, mark, output, errors, time, stop);
            return new PandaClient(Read(output, options));
        }
        finally
        {
            File.Delete(output); // it may hold what nobody else should see
        }
    }

    /// <summary>The environment, with a mark and a working directory.</summary>
    public IReadOnlyDictionary<string, string> Environment(ProcessMark mark, string folder) =>
        new Dictionary<string, string>(_environment, StringComparer.Ordinal) { [mark.Name] = mark.Value, ["PWD"] = folder };

    /// <summary>The absolute path of a program on the client's PATH; one that is not there is <see cref="DoerExit.Configuration"/>.</summary>
    public string Program(string name)
    {
        var path = _environment.GetValueOrDefault("PATH", "");
        return path.Split(':').Where(Path.IsPathFullyQualified).Select(f => Path.Combine(f, name)).FirstOrDefault(IsExecutable)
            ?? throw new DoerException(DoerExit.Configuration, $"{name} is not on the PATH that the panda client's setup leaves: {OneLine.Of(path)}");
    }

    private static async Task SourceAsync(
        PandaClientOptions options, string folder, ProcessMark mark, string output, string errors, TimeProvider time, CancellationToken stop)
    {
        var shell = Shells.First(File.Exists);
        using var limit = new CancellationTokenSource(options.SetupLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        File.Delete(output);
        File.Delete(errors);
        ReservedRoom.Keep(output, EnvironmentRoom); // a full disk is not the setup's fault
        ReservedRoom.Keep(errors, ErrorRoom);
        var child = Child.Start(new ChildOrder
        {
            Program = shell,
            Arguments = [shell, "-c", Sourcing, "pclient-setup", options.Setup],
            Environment = new Dictionary<string, string>(options.Base, StringComparer.Ordinal) { [mark.Name] = mark.Value },
            Folder = folder,
            Stdout = output,
            Stderr = errors,
        });
        var ended = await child.WaitAsync(static () => true, time, both.Token);
        await new MarkedTree(mark, child.Pid).EndAsync(time);
        child.Look();
        stop.ThrowIfCancellationRequested();
        if (!ended)
        {
            throw Failed(options, $"did not end within {options.SetupLimit.TotalSeconds:0} s");
        }

        if (child.ExitCode != 0)
        {
            throw Failed(options, $"failed ({child.ExitCode}): {LastLine(errors)}");
        }
    }

    private static Dictionary<string, string> Read(string output, PandaClientOptions options)
    {
        if (new FileInfo(output).Length > LargestEnvironment)
        {
            throw Failed(options, "leaves an environment that is too big");
        }

        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Encoding.UTF8.GetString(File.ReadAllBytes(output)).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = entry.IndexOf('=', StringComparison.Ordinal);
            if (sign > 0 && !OfTheShell.Contains(entry[..sign]))
            {
                all[entry[..sign]] = entry[(sign + 1)..];
            }
        }

        all["PANDA_AUTH_VO"] = options.AuthVo;
        return all;
    }

    private static DoerException Failed(PandaClientOptions options, string what) =>
        new(DoerExit.Configuration, $"the panda client's setup {options.Setup} {what}");

    private static bool IsExecutable(string path) => File.Exists(path) && UserRights.MayExecute(path);

    private static string LastLine(string path) => File.Exists(path) ? OneLine.Of(File.ReadLines(path).LastOrDefault(l => l.Length > 0)) : "";
}
