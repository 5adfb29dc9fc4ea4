namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>Where the production catalogue is and as whom to speak to it.</summary>
public sealed record PcsOptions
{
    /// <summary>The monitor's base URL with the application's path, without a slash at its end.</summary>
    public required Uri Url { get; init; }

    /// <summary>Sent as <c>Authorization: Token</c>; null sends none.</summary>
    public string? Token { get; init; }

    /// <summary>Sent as <c>X-Remote-User</c> with what is written; null sends none.</summary>
    public string? Owner { get; init; }

    /// <summary>One try of a call.</summary>
    public TimeSpan TryLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the second try; doubled for each next one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest of these waits; a Retry-After may be longer.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries of a call that only reads, after the first.</summary>
    public int ReadRetries { get; init; } = 3;

    /// <summary>The most bytes of an answer that are read.</summary>
    public int LargestAnswer { get; init; } = 64 << 20;
}
