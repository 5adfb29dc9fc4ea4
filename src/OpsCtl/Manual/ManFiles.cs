namespace OpsAgent.OpsCtl.Manual;

/// <summary>The files that opsctl looks for, as the manual tells them.</summary>
internal static class ManFiles
{
    public static IReadOnlyList<(string Path, string Meaning)> All { get; } =
    [
        ("../agents/prodops.toml", "The agent's configuration, beside the program's own folder, if nothing names another."),
        ("~/.local/state/opsagent", "The agent's state folder, if nothing names another."),
        ("control.sock", "In the state folder: the local door of the agent that runs."),
        ("ledger.db", "In the state folder: its requests, read while no agent runs."),
    ];
}
