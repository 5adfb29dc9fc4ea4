using Spectre.Console;

namespace OpsAgent.OpsCtl.Output;

/// <summary>Names with values on a terminal, one below the other, each value beside its name and broken between words.</summary>
internal static class FactLayout
{
    private const int LeastValue = 16;

    public static IEnumerable<string> Lines(IReadOnlyList<(string Name, Piece Value)> facts, int width, bool colors)
    {
        var indent = facts.Max(f => f.Name.GetCellWidth()) + 2;
        if (width - indent < LeastValue)
        {
            indent = 2;
        }

        foreach (var (name, value) in facts)
        {
            var head = name.PadRight(indent);
            foreach (var line in WordWrap.Lines(SafeText.OneLine(value.Text), width - indent))
            {
                if (head.Length > indent)
                {
                    yield return name;
                    head = new string(' ', indent);
                }

                yield return head + Paint.Line([value with { Text = line }], colors);
                head = new string(' ', indent);
            }
        }
    }
}
