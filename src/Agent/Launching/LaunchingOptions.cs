using OpsAgent.Agent.Redaction;

namespace OpsAgent.Agent.Launching;

/// <summary>What Launching is told by the configuration.</summary>
internal sealed class LaunchingOptions
{
    /// <summary>The folder that doers with a plain name are found in; absolute.</summary>
    public string DoersFolder { get; set; } = "";

    /// <summary>The folder that holds a work folder per run, best on tmpfs; absolute. Made, 0700, if it is missing.</summary>
    public string WorkRoot { get; set; } = "";

    /// <summary>Names the agent's state in each doer's mark; see <see cref="StateIds"/>. Letters, digits and hyphens.</summary>
    public string StateId { get; set; } = "";

    /// <summary>The agent's environment, of which doers are lent what their capability names. Default: this process's.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; set; }

    /// <summary>Files and folders of the agent's own that no sandbox shows: its state, its settings, its keys. Absolute.</summary>
    public IReadOnlyList<string> Secrets { get; set; } = [];

    /// <summary>Takes credentials out of what doers print.</summary>
    public Redactor Redactor { get; set; } = Redactor.OfShapes;

    /// <summary>The PATH that every doer gets.</summary>
    public string DoerPath { get; set; } = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

    /// <summary>The longest line of stderr that is kept, in bytes; the rest of it is dropped and marked.</summary>
    public int MaxLineBytes { get; set; } = 8 * 1024;

    /// <summary>Lines of stderr that are relayed to the log per run; the rest is counted.</summary>
    public int MaxLoggedLines { get; set; } = 2_000;

    /// <summary>Bytes of stderr that are relayed to the log per run.</summary>
    public long MaxLoggedBytes { get; set; } = 1024 * 1024;

    /// <summary>How fast a stream of a doer is read at most, in bytes a second.</summary>
    public long OutputBytesPerSecond { get; set; } = 32 * 1024 * 1024;

    /// <summary>By how much doers are nicer than the agent.</summary>
    public int Nice { get; set; }

    /// <summary>How much of the end of stdout is kept, in bytes.</summary>
    public int StdoutTailBytes { get; set; } = 64 * 1024;

    /// <summary>How large an output file may grow before it is emptied, in bytes.</summary>
    public long MaxFileBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The folder that the output of runs is kept in; absolute, or empty: none is kept.</summary>
    public string RunLogFolder { get; set; } = "";

    /// <summary>How much of a run's output is kept from its beginning, in bytes.</summary>
    public long RunLogHeadBytes { get; set; } = 768 * 1024;

    /// <summary>How much of it is kept from its end, in bytes; in memory while it runs.</summary>
    public int RunLogTailBytes { get; set; } = 256 * 1024;

    /// <summary>How much output of all runs is kept, in bytes on disk; 0: none.</summary>
    public long RunLogsMaxBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Of how many runs it is kept at most: a file each, and a disk has only so many.</summary>
    public int RunLogsMaxFiles { get; set; } = 20_000;

    /// <summary>How long the output of runs is kept.</summary>
    public TimeSpan RunLogAge { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long the streams of a doer that is gone are read on, should somebody hold them open.</summary>
    public TimeSpan ReadOnLimit { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Between SIGTERM and SIGKILL for what a former agent left.</summary>
    public TimeSpan LeftoverGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with it, each with its key; empty if nothing is.</summary>
    public IEnumerable<string> Errors()
    {
        if (!Path.IsPathFullyQualified(DoersFolder))
        {
            yield return $"{nameof(DoersFolder)}: must be an absolute path, is '{DoersFolder}'";
        }

        if (!Path.IsPathFullyQualified(WorkRoot))
        {
            yield return $"{nameof(WorkRoot)}: must be an absolute path, is '{WorkRoot}'";
        }

        if (StateId.Length is 0 or > 64 || !StateId.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            yield return $"{nameof(StateId)}: must be 1 to 64 letters, digits and hyphens, is '{StateId}'";
        }

        foreach (var (key, value, least) in new (string, long, long)[]
        {
            (nameof(MaxLineBytes), MaxLineBytes, 80), (nameof(MaxLoggedLines), MaxLoggedLines, 0),
            (nameof(MaxLoggedBytes), MaxLoggedBytes, 0), (nameof(StdoutTailBytes), StdoutTailBytes, 1024),
            (nameof(MaxFileBytes), MaxFileBytes, 64 * 1024), (nameof(OutputBytesPerSecond), OutputBytesPerSecond, 64 * 1024),
        })
        {
            if (value < least)
            {
                yield return $"{key}: must be at least {least}, is {value}";
            }
        }
    }
}
