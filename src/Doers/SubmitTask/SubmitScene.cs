using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.SubmitTask.Sandboxes;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>What every step of a run needs.</summary>
internal sealed record SubmitScene
{
    /// <summary>The task's name as it was asked for.</summary>
    public required string Task { get; init; }

    public required SubmitSettings Settings { get; init; }

    public required SandboxRoom Room { get; init; }

    public required PcsClient Pcs { get; init; }

    public required Budget Budget { get; init; }

    public required DoerLog Log { get; init; }

    public required TimeProvider Time { get; init; }
}
