namespace OpsAgent.Abstractions;

/// <summary>A doer to start as a process on this host.</summary>
public sealed record DoerPlan : RunPlan
{
    /// <summary>A name below the agent's <c>doers</c> folder, or an absolute path; never looked up in PATH.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments after the program's name, each one argument whatever it holds.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Names of environment variables lent to the doer; a trailing <c>*</c> takes all that begin so.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Names of the environment variables that point at the credentials lent to it, resolved from the manifest.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>What variables of <see cref="Credentials"/> that are not set are lent as: paths, those below the home folder by <c>~/</c>.</summary>
    public IReadOnlyDictionary<string, string> CredentialPaths { get; init; } = new Dictionary<string, string>();

    /// <summary>The whole run's limit.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it may be silent on both streams; null: as long as it likes.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Where its output goes.</summary>
    public CaptureMode Capture { get; init; }

    /// <summary>
    /// The name of a file that the doer makes in <c>OPSAGENT_RESULT_DIR</c> before it does what can't be undone: while it is not
    /// there, nothing has happened. Null: a doer that was started may have had its effect.
    /// </summary>
    public string? PointOfNoReturn { get; init; }

    /// <summary>What its processes may have; null: no limits but the agent's own.</summary>
    public DoerLimits? Limits { get; init; }

    /// <summary>What it may see; null: what the agent's user may.</summary>
    public DoerSandbox? Sandbox { get; init; }

    /// <summary>Exit codes that mean something other than error; 0 is ok unless it is named here.</summary>
    public IReadOnlyDictionary<int, Outcome> ExitCodes { get; init; } = new Dictionary<int, Outcome>();
}
