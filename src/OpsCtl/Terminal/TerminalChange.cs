namespace OpsAgent.OpsCtl.Terminal;

/// <summary>What happens to the terminal while a live view is on it.</summary>
internal enum TerminalChange
{
    /// <summary>It has another size.</summary>
    Resized,

    /// <summary>Ctrl-Z: the shell is about to have it.</summary>
    Suspending,

    /// <summary>fg: it is ours again.</summary>
    Resumed,
}
