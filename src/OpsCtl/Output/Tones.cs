namespace OpsAgent.OpsCtl.Output;

/// <summary>The tones of the field's words.</summary>
internal static class Tones
{
    /// <summary>Of a settlement.</summary>
    public static Tone OfOutcome(string? outcome) => outcome switch
    {
        "ok" => Tone.Good,
        "skipped" => Tone.Faint,
        "cancelled" or "unrecorded" or "unverified" => Tone.Warning,
        "error" or "timeout" or "rejected" or "unknown" => Tone.Bad,
        _ => Tone.Plain,
    };

    /// <summary>Of a request.</summary>
    public static Tone OfWork(string state) => state switch
    {
        "starting" or "running" => Tone.Active,
        "doubt" => Tone.Warning,
        "settled" => Tone.Faint,
        _ => Tone.Plain,
    };

    /// <summary>Of an agent.</summary>
    public static Tone OfAgent(string state) => state switch
    {
        "READY" or "PROCESSING" => Tone.Good,
        "STARTING" or "DRAINING" => Tone.Warning,
        _ => Tone.Bad,
    };
}
