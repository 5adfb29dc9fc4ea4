using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>One <c>[capability.NAME]</c> table, read and checked. <see cref="Capability"/> is what it does.</summary>
public sealed record CapabilityDefinition
{
    /// <summary>The table's name, which is the <c>msg_type</c> of its requests.</summary>
    public required MsgType MsgType { get; init; }

    /// <summary>What its table says, in a notation of its own: a reload tells by it whether it has changed.</summary>
    public string Text { get; init; } = "";

    /// <summary>One line for people.</summary>
    public required string Description { get; init; }

    /// <summary>What is run for a request.</summary>
    public required CommandDefinition Doer { get; init; }

    /// <summary>The whole run's limit.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The environment variable that <see cref="Timeout"/> was taken from; null if it is the manifest's own.</summary>
    public string? TimeoutVariable { get; init; }

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the doer may be silent; null: as long as it likes.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>The reason of a run that reached <see cref="Timeout"/>; null: the runner's words.</summary>
    public Template? TimeoutReason { get; init; }

    /// <summary>Where it runs.</summary>
    public required LaneName Lane { get; init; }

    /// <summary>How many run at once, within the lane's slots.</summary>
    public int MaxParallel { get; init; } = int.MaxValue;

    /// <summary>How many may wait on disk.</summary>
    public int MaxPending { get; init; } = 100_000;

    /// <summary>What one sender may bring in; null: no limit.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Older requests are refused; null: never too old.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Who may ask for it.</summary>
    public SenderRule Senders { get; init; } = SenderRule.Open;

    /// <summary>How long a request waits for a credential at most when nothing else is said.</summary>
    public static readonly TimeSpan UsualHold = TimeSpan.FromHours(1);

    /// <summary>How long a request waits for a credential at most, within <see cref="MaxAge"/>.</summary>
    public TimeSpan MaxHold { get; init; } = UsualHold;

    /// <summary>Names the work; null: no two requests are the same work.</summary>
    public Template? DedupKey { get; init; }

    /// <summary>What a restart does with a run that it finds begun.</summary>
    public RecoveryPolicy Recovery { get; init; } = RecoveryPolicy.Rerun;

    /// <summary>What a drain does with a run that outlasts it.</summary>
    public DrainPolicy OnDrain { get; init; } = DrainPolicy.Requeue;

    /// <summary>Environment variables lent to the doer; a trailing <c>*</c> takes all that begin so.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Credentials lent to the doer.</summary>
    public IReadOnlyList<CredentialDefinition> Credentials { get; init; } = [];

    /// <summary>What the doer's processes may have; null: no limits but the agent's own.</summary>
    public DoerLimits? Limits { get; init; }

    /// <summary>What the doer may see; null: what the agent's user may.</summary>
    public DoerSandbox? Sandbox { get; init; }

    /// <summary>Where the doer's output goes.</summary>
    public CaptureMode Capture { get; init; }

    /// <summary>Exit codes that mean something other than error; 0 is ok unless named here.</summary>
    public IReadOnlyDictionary<int, Outcome> ExitCodes { get; init; } = new Dictionary<int, Outcome>();

    /// <summary>What a run means that was ended at its limit; <see cref="Outcome.Unknown"/> if it may have worked.</summary>
    public Outcome AfterTimeout { get; init; } = Outcome.Timeout;

    /// <summary>What a run means that a signal ended.</summary>
    public Outcome AfterSignal { get; init; } = Outcome.Error;

    /// <summary>What must have been printed for a success to count; null: nothing.</summary>
    public OutputRule? OkNeeds { get; init; }

    /// <summary>The file that says why the last run failed; null: none is written.</summary>
    public MarkerPath? FailureMarker { get; init; }

    /// <summary>The file by which a doer says that its effect can't be undone any more; null: from its start on.</summary>
    public string? PointOfNoReturn { get; init; }

    /// <summary>How to find out what became of a run that nobody saw the end of, in this order.</summary>
    public IReadOnlyList<LookUpDefinition> LookUps { get; init; } = [];

    /// <summary>Run when an operator says that work in doubt was not done; null: nothing is.</summary>
    public CommandDefinition? Release { get; init; }

    /// <summary>The message's fields, in the order of the file.</summary>
    public IReadOnlyList<FieldDefinition> Fields { get; init; } = [];

    /// <summary>What is published for each outcome.</summary>
    public IReadOnlyDictionary<Outcome, IReadOnlyList<EventDefinition>> Events { get; init; } =
        new Dictionary<Outcome, IReadOnlyList<EventDefinition>>();

    /// <summary>The action record; null: none is kept.</summary>
    public RecordDefinition? Record { get; init; }
}
