namespace OpsAgent.Agent.Control;

/// <summary>Reads capabilities and lanes again while the agent runs.</summary>
internal interface IReload
{
    /// <summary>Puts the file's capabilities and lanes in force if it has no mistake at all; else leaves everything as it is.</summary>
    /// <param name="by">Who asked for it, for the log.</param>
    ReloadAnswer Reload(string by);
}

/// <summary>POST /v1/reload.</summary>
/// <param name="File">The file that was read.</param>
/// <param name="Reloaded">False if it has mistakes; then nothing has changed.</param>
/// <param name="Errors">Every mistake, as <c>file:line:column: path: message</c>.</param>
/// <param name="Added">Types that are taken from now on.</param>
/// <param name="Removed">Types that are not any more.</param>
/// <param name="Changed">Types whose table says something else now.</param>
/// <param name="Lanes">Lanes with other slots than before.</param>
/// <param name="NeedRestart">Settings that differ from those in force and take effect at the next start, by key.</param>
internal sealed record ReloadAnswer(
    string File,
    bool Reloaded,
    IReadOnlyList<string> Errors,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Changed,
    IReadOnlyList<LaneChange> Lanes,
    IReadOnlyList<string> NeedRestart);

/// <summary>A lane whose slots have changed; 0: it was not there, or is in the file no more.</summary>
internal sealed record LaneChange(string Name, int From, int To);
