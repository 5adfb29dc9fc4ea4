namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[lane.NAME]</c>.</summary>
internal static class LaneKeys
{
    public static readonly NumberKey Slots =
        new("slots", "How many doers run in this lane at once.", 1, 256) { Required = true };

    public static readonly TableForm Form = new() { Keys = [Slots] };
}
