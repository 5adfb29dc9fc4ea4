namespace OpsAgent.Abstractions;

/// <summary>Moments and spans as explanations name them.</summary>
public static class SpokenTime
{
    /// <summary>UTC, to the second.</summary>
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>In the unit that fits; none is below 0.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { Ticks: <= 0 } => "0 s",
        { TotalSeconds: < 1 } => $"{span.TotalMilliseconds:0} ms",
        { TotalMinutes: < 2 } => $"{span.TotalSeconds:0.#} s",
        { TotalHours: < 2 } => $"{span.TotalMinutes:0} min",
        _ => $"{span.TotalHours:0.#} h",
    };
}
