using System.Text.RegularExpressions;
using Spectre.Console;

namespace OpsAgent.OpsCtl.Output;

/// <summary>Text that has colors in it.</summary>
internal static partial class PaintedText
{
    /// <summary>The cells that it takes on a terminal.</summary>
    public static int Width(string text) => Color().Replace(text, "").GetCellWidth();

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Color();
}
