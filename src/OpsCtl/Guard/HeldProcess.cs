using System.Globalization;
using System.Runtime.InteropServices;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>
/// A process held by a descriptor: what is signalled is that one, and never another that got its pid. What is read of it by its pid may be
/// another's if it ends meanwhile, and then the signal reaches nobody.
/// </summary>
internal sealed partial class HeldProcess : IDisposable
{
    private const long OpenCall = 434;
    private const long SignalCall = 424;
    private const int Terminate = 15;
    private const int Kill = 9;
    private const int ClockTicks = 2;

    private readonly int _descriptor;

    private HeldProcess(int pid, int descriptor) => (Pid, _descriptor) = (pid, descriptor);

    public int Pid { get; }

    /// <summary>Null if there is no such process.</summary>
    public static HeldProcess? TryOpen(int pid) =>
        (int)SystemCall(OpenCall, pid, 0, 0, 0) is var descriptor and >= 0 ? new HeldProcess(pid, descriptor) : null;

    /// <summary>Its real, effective, saved and file-system user, if they are one; null if not, or if it is gone.</summary>
    public uint? User
    {
        get
        {
            var line = Lines("status").FirstOrDefault(static l => l.StartsWith("Uid:", StringComparison.Ordinal));
            var ids = line?["Uid:".Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return ids is { Length: 4 } && ids.Distinct().Count() == 1 && uint.TryParse(ids[0], out var id) ? id : null;
        }
    }

    /// <summary>True if its program is the agent: ours by its executable, the Python one by the script that its interpreter runs.</summary>
    public bool IsAgent
    {
        get
        {
            // An agent shows its file to root alone; what it is called it shows to all.
            var program = Path.GetFileName(Executable()) is { Length: > 0 } name ? name : Text("comm").Trim();
            return program == "opsagent"
                || (program.StartsWith("python", StringComparison.Ordinal)
                    && Text("cmdline").Split('\0').Skip(1).Any(static a => Path.GetFileName(a) == "epicprod_ops_agent.py"));
        }
    }

    /// <summary>When it was started, to the second; null if it is gone.</summary>
    public DateTimeOffset? Started
    {
        get
        {
            // After the name in brackets, which may hold anything, come the fields from the third on; the start is the 22nd.
            var stat = Text("stat");
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var line = File.ReadLines("/proc/stat").First(static l => l.StartsWith("btime ", StringComparison.Ordinal));
            var boot = DateTimeOffset.FromUnixTimeSeconds(long.Parse(line["btime ".Length..], CultureInfo.InvariantCulture));
            return fields.Length > 19 && long.TryParse(fields[19], out var ticks)
                ? boot + TimeSpan.FromSeconds((double)ticks / SysConf(ClockTicks))
                : null;
        }
    }

    /// <summary>SIGTERM, the grace, SIGKILL. True if it is gone.</summary>
    public async Task<bool> EndAsync(TimeSpan grace, TimeProvider time, CancellationToken cancellationToken)
    {
        _ = SystemCall(SignalCall, _descriptor, Terminate, 0, 0);
        if (!await IsGoneAsync(grace, time, cancellationToken))
        {
            _ = SystemCall(SignalCall, _descriptor, Kill, 0, 0);
        }

        return await IsGoneAsync(grace, time, cancellationToken);
    }

    public void Dispose() => _ = Close(_descriptor);

    private async Task<bool> IsGoneAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!IsGone())
        {
            if (time.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        return true;
    }

    /// <summary>A zombie is gone too: only its parent has not asked yet.</summary>
    private bool IsGone() => SystemCall(SignalCall, _descriptor, 0, 0, 0) != 0 || State() is 'Z' or 'X' or '\0';

    private char State()
    {
        var stat = Text("stat");
        return stat.LastIndexOf(')') is var at and > 0 && at + 2 < stat.Length ? stat[at + 2] : '\0';
    }

    private string Executable()
    {
        const string Gone = " (deleted)";
        try
        {
            // After a deployment the file of a process that still runs may be gone.
            var target = new FileInfo($"/proc/{Pid}/exe").LinkTarget ?? "";
            return target.EndsWith(Gone, StringComparison.Ordinal) ? target[..^Gone.Length] : target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private string[] Lines(string file) => Text(file).Split('\n');

    private string Text(string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{Pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long a, long b, long c, long d);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long SysConf(int name);
}
