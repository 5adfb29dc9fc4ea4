namespace OpsAgent.Capabilities.Keys;

/// <summary><c>sandbox</c> of a capability.</summary>
internal static class SandboxKeys
{
    public static readonly TextsKey Readable = new(
        "readable", "Paths that are seen though they are in a home, a temporary folder or the agent's state, which are hidden: \"{home}/pclient\".")
    {
        Pattern = Patterns.Place,
    };

    public static readonly TextsKey Writable = new(
        "writable", "Paths that may be written, and are seen; all others are read-only or private to the run: \"{tmp}/panda-logs\".")
    {
        Pattern = Patterns.Place,
    };

    public static readonly TextsKey Hidden = new("hidden", "More paths that are not seen.") { Pattern = Patterns.Place };

    public static readonly BooleanKey Network = new("network", "Whether it has the host's network.");

    public static readonly TableForm Form = new() { Keys = [Readable, Writable, Hidden, Network] };
}
