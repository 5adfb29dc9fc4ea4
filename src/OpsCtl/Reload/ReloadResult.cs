namespace OpsAgent.OpsCtl.Reload;

/// <summary>POST /v1/reload.</summary>
internal sealed record ReloadResult(
    string File,
    bool Reloaded,
    IReadOnlyList<string> Errors,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Changed,
    IReadOnlyList<LaneSlotsChange> Lanes,
    IReadOnlyList<string> NeedRestart);

/// <summary>A lane whose slots have changed; 0: it was not there, or is in the file no more.</summary>
internal sealed record LaneSlotsChange(string Name, int From, int To);
