namespace OpsAgent.Tests.Demo;

/// <summary>Something of the facility's that breaks, and how the agent has to tell it.</summary>
internal sealed record Breakage
{
    public static readonly IReadOnlyList<Breakage> All =
    [
        new()
        {
            Name = "rucio",
            Told = "Rucio goes away: nothing listens at its address any more",
            DoerExit = 14,
            Reason = "Rucio",
            Break = static stage => stage.StopFacilityAsync(),
        },
        new()
        {
            Name = "door",
            Told = "the storage door breaks: it resets the connection in the middle of the file",
            DoerExit = 19,
            Reason = "none of 1 door delivered",
            Break = static stage =>
            {
                stage.Facility.Storage.Break(SampleJob.Lfn);
                return Task.CompletedTask;
            },
        },
        new()
        {
            Name = "disk",
            Told = $"the disk under the agent's cache has {SmallDisk.Kilobytes} KiB: less than the log",
            DoerExit = 27,
            Reason = "disk full",
            OnSmallDisk = true,
        },
    ];

    public required string Name { get; init; }

    /// <summary>What is said of it.</summary>
    public required string Told { get; init; }

    /// <summary>The doer's exit code; docs/doers.md lists them.</summary>
    public required int DoerExit { get; init; }

    /// <summary>A part of the reason that is given.</summary>
    public required string Reason { get; init; }

    /// <summary>The agent's cache lies on a file system that is too small.</summary>
    public bool OnSmallDisk { get; init; }

    /// <summary>Does it.</summary>
    public Func<Stage, Task> Break { get; init; } = static _ => Task.CompletedTask;
}
