namespace OpsAgent.OpsCtl.Terminal;

/// <summary>How much a terminal shows.</summary>
internal readonly record struct TerminalSize(int Columns, int Rows)
{
    /// <summary>What is taken for a terminal that does not say.</summary>
    public static TerminalSize Usual { get; } = new(80, 24);
}
