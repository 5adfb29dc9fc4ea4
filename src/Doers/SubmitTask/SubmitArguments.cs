namespace OpsAgent.Doers.SubmitTask;

/// <summary>The command line, each part checked for its form.</summary>
internal sealed record SubmitArguments
{
    /// <summary>What to do.</summary>
    public SubmitMode Mode { get; init; }

    /// <summary>The production task; null only with <see cref="SubmitMode.Resume"/>.</summary>
    public string? TaskName { get; init; }

    /// <summary>With <see cref="SubmitMode.Resume"/>: the sandbox.</summary>
    public string? Sandbox { get; init; }

    /// <summary>With <see cref="SubmitMode.Resume"/>: the sandbox is the one that the lost run has told its agent of.</summary>
    public bool OfLeftRun { get; init; }

    /// <summary>As whom the submission is recorded.</summary>
    public string? Owner { get; init; }

    public string? MonitorUrl { get; init; }

    public string? Token { get; init; }

    public string? AuthVo { get; init; }

    public string? PclientSetup { get; init; }

    /// <summary>The whole run's limit.</summary>
    public TimeSpan? Timeout { get; init; }
}
