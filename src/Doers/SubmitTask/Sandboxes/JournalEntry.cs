using System.Text.Json.Serialization;

namespace OpsAgent.Doers.SubmitTask.Sandboxes;

/// <summary>One step, written down and on disk before the next is taken. What does not belong to the step is null.</summary>
internal sealed record JournalEntry
{
    /// <summary>Which step.</summary>
    public required JournalStep Step { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Opened: the task's name as it was given.</summary>
    public string? Task { get; init; }

    /// <summary>Opened: whose it is.</summary>
    public string? Owner { get; init; }

    /// <summary>Fetched: PCS's key of the task.</summary>
    public long? TaskKey { get; init; }

    /// <summary>Fetched: PanDA's name of the task.</summary>
    public string? OutDs { get; init; }

    /// <summary>Started: prun's pid.</summary>
    public int? Pid { get; init; }

    /// <summary>Started: prun's start, clock ticks since boot.</summary>
    public long? StartTime { get; init; }

    /// <summary>Started: the boot's id.</summary>
    public string? BootId { get; init; }

    /// <summary>Ended, concluded: the exit code; of prun or of the doer.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Ended: a signal ended prun.</summary>
    public bool? Signalled { get; init; }

    /// <summary>IdSeen, recorded: the JEDI task.</summary>
    public string? JediTaskId { get; init; }

    /// <summary>Concluded: why.</summary>
    public string? Reason { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
