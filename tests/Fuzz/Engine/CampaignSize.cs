namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>How much is tried.</summary>
internal sealed record CampaignSize
{
    public ulong Seed { get; init; } = 7;

    /// <summary>The first case.</summary>
    public long From { get; init; }

    /// <summary>Null: until the time is over.</summary>
    public long? Cases { get; init; }

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A case that takes longer hangs. Generous: the machine may have much else to do.</summary>
    public TimeSpan CaseLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After so many findings the rest would tell nothing new.</summary>
    public int MostFindings { get; init; } = 20;
}
