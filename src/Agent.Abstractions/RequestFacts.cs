namespace OpsAgent.Abstractions;

/// <summary>What is written of one request, to say why it is where it is. Null: it is not known, or it is not so.</summary>
public record RequestFacts
{
    /// <summary>When it came.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When its sender's broker says that it was sent.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>The key of its work.</summary>
    public string? DedupKey { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Starts so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Not to be started before this.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it was last told that it waits for a credential.</summary>
    public DateTimeOffset? HeldAt { get; init; }

    /// <summary>Its doer's path.</summary>
    public string? Program { get; init; }

    /// <summary>The hash of its doer's file.</summary>
    public string? ProgramHash { get; init; }

    /// <summary>How it ended.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>One line to it; empty if there is none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Its doer's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How long its doer ran, in milliseconds.</summary>
    public long? DurationMs { get; init; }

    /// <summary>How many of its tree were left when it was ended.</summary>
    public int? Survivors { get; init; }

    /// <summary>The request that it is a duplicate of.</summary>
    public string? DuplicateOf { get; init; }

    /// <summary>The request that it runs again.</summary>
    public string? RetryOf { get; init; }

    /// <summary>Since when it is, or was, in doubt.</summary>
    public DateTimeOffset? DoubtAt { get; init; }

    /// <summary>Look-ups in vain.</summary>
    public int Looks { get; init; }

    /// <summary>When the last of them was.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>What it said.</summary>
    public string? Looked { get; init; }

    /// <summary>When it was settled.</summary>
    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>A type whose work is not started until somebody resumes it.</summary>
/// <param name="MsgType">The type.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record PauseFact(string MsgType, string By, DateTimeOffset Since, string Reason);

/// <summary>A type whose work waits for a credential.</summary>
/// <param name="Reason">Which, and what to do about it.</param>
/// <param name="Since">Since when.</param>
/// <param name="MaxHold">How long one request waits for it at most; null: not known, or as long as its age allows.</param>
public sealed record HoldFact(string Reason, DateTimeOffset Since, TimeSpan? MaxHold = null);
