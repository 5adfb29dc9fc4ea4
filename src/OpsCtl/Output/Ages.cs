namespace OpsAgent.OpsCtl.Output;

/// <summary>Durations and moments as people read them.</summary>
internal static class Ages
{
    public static string Of(double? seconds) => seconds is { } s ? Of(TimeSpan.FromSeconds(s)) : "-";

    public static string Of(TimeSpan span) => span switch
    {
        { Ticks: <= 0 } => "0 s",
        { TotalSeconds: < 1 } => $"{span.TotalMilliseconds:0} ms",
        { TotalMinutes: < 2 } => $"{span.TotalSeconds:0.#} s",
        { TotalHours: < 2 } => $"{span.TotalMinutes:0} min",
        { TotalDays: < 2 } => $"{span.TotalHours:0.#} h",
        _ => $"{span.TotalDays:0.#} d",
    };

    public static string At(DateTimeOffset? moment) => moment is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") : "-";
}
