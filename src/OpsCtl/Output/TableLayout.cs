using Spectre.Console;

namespace OpsAgent.OpsCtl.Output;

/// <summary>
/// Rows on a terminal of some width. No cell but the last, which is text, is ever cut or broken, since half an id is of no use: where
/// there is no room for the text it stands below its row, and where there is none for a row, each becomes a block of its own.
/// </summary>
internal static class TableLayout
{
    private const int Gap = 2;

    /// <summary>The last column may be broken down to this width.</summary>
    private const int LeastText = 24;

    public static IReadOnlyList<string> Lines(
        IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Piece>> rows, int width, bool colors)
    {
        int[] widths = [.. columns.Select((c, i) => rows.Select(r => Width(r[i].Text)).Append(c.Title.Length).Max())];
        var others = widths[..^1].Sum() + (Gap * (columns.Count - 2));
        var last = Math.Min(widths[^1], width - others - Gap);
        if (last >= Math.Min(widths[^1], LeastText))
        {
            return Table(columns, [.. widths[..^1], last], rows, colors);
        }

        return others <= width
            ? [.. TextBelow(columns, widths[..^1], rows, width, colors)]
            : [.. rows.SelectMany(row => Block(columns, row, width, colors))];
    }

    private static int Width(string text) => SafeText.OneLine(text).GetCellWidth();

    private static IReadOnlyList<string> Table(
        IReadOnlyList<Column> columns, int[] widths, IReadOnlyList<IReadOnlyList<Piece>> rows, bool colors)
    {
        var table = new Table { Border = TableBorder.None };
        for (var i = 0; i < widths.Length; i++)
        {
            var isLast = i == columns.Count - 1;
            table.AddColumn(new TableColumn(Paint.Cell(new Piece(columns[i].Title, Tone.Strong), colors, int.MaxValue))
            {
                Width = widths[i],
                Padding = new Padding(0, 0, isLast ? 0 : Gap, 0),
                NoWrap = !isLast,
                Alignment = columns[i].IsFigure ? Justify.Right : Justify.Left,
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Take(widths.Length).Select((cell, i) => Paint.Cell(cell, colors, i == columns.Count - 1 ? widths[i] : int.MaxValue)));
        }

        return TextTarget.Lines(table, widths.Sum() + (Gap * widths.Length), colors);
    }

    /// <summary>The table without its last column, and what is in that below each row.</summary>
    private static IEnumerable<string> TextBelow(
        IReadOnlyList<Column> columns, int[] widths, IReadOnlyList<IReadOnlyList<Piece>> rows, int width, bool colors)
    {
        var table = Table(columns, widths, rows, colors);
        yield return table[0];
        for (var i = 0; i < rows.Count; i++)
        {
            yield return table[i + 1];
            foreach (var line in Indented(rows[i][^1], width, colors))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Indented(Piece text, int width, bool colors) =>
        WordWrap.Lines(SafeText.OneLine(text.Text), width - Gap).Where(static l => l.Length > 0)
            .Select(line => $"  {Paint.Line([text with { Text = line }], colors)}");

    private static IEnumerable<string> Block(IReadOnlyList<Column> columns, IReadOnlyList<Piece> row, int width, bool colors)
    {
        yield return Paint.Line([row[0] with { Tone = Tone.Strong }], colors);
        var facts = columns.Zip(row).Skip(1).Take(columns.Count - 2)
            .Where(static c => c.Second.Text is not ("" or "-"))
            .Select(static c => c.First.IsFigure ? c.Second with { Text = $"{c.First.Title.ToLowerInvariant()} {c.Second.Text}" } : c.Second);
        foreach (var line in Fill(facts, width - Gap))
        {
            yield return $"  {Paint.Line(line, colors)}";
        }

        foreach (var line in Indented(row[^1], width, colors))
        {
            yield return line;
        }
    }

    private static IEnumerable<List<Piece>> Fill(IEnumerable<Piece> pieces, int width)
    {
        var line = new List<Piece>();
        var used = 0;
        foreach (var piece in pieces)
        {
            var length = Width(piece.Text);
            if (line.Count > 0 && used + Gap + length > width)
            {
                yield return line;
                (line, used) = ([], 0);
            }

            used += (line.Count > 0 ? Gap : 0) + length;
            line.AddRange(line.Count > 0 ? ["  ", piece] : [piece]);
        }

        if (line.Count > 0)
        {
            yield return line;
        }
    }
}
