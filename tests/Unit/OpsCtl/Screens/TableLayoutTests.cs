using OpsAgent.OpsCtl.Output;
using Spectre.Console;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Screens;

public sealed class TableLayoutTests
{
    private const string Id = "01a2028066a07916b4a97942b3a704e4";
    private static readonly Column[] Columns = [new("REQUEST"), new("STATE"), new("AGE", IsFigure: true), new("REASON")];
    private static readonly Piece[][] Rows =
    [
        [Id, new("settled", Tone.Faint), "2 min", new("lfn is required; pandaid must be 1 to 19 digits", Tone.Bad)],
        ["short", new("running", Tone.Active), "30 s", ""],
    ];

    [Fact]
    public void What_fits_is_a_table_with_figures_to_the_right() => Assert.Equal(
        [
            "REQUEST                           STATE      AGE  REASON",
            "01a2028066a07916b4a97942b3a704e4  settled  2 min  lfn is required; pandaid must be 1 to 19 digits",
            "short                             running   30 s",
        ],
        Lines(100));

    [Fact]
    public void Text_of_the_last_column_is_broken_between_words() => Assert.Equal(
        [
            "REQUEST                           STATE      AGE  REASON",
            "01a2028066a07916b4a97942b3a704e4  settled  2 min  lfn is required; pandaid",
            "                                                  must be 1 to 19 digits",
            "short                             running   30 s",
        ],
        Lines(75));

    [Fact]
    public void Text_that_has_no_room_stands_below_its_row() => Assert.Equal(
        [
            "REQUEST                           STATE      AGE",
            "01a2028066a07916b4a97942b3a704e4  settled  2 min",
            "  lfn is required; pandaid must be 1 to 19 digits",
            "short                             running   30 s",
        ],
        Lines(52));

    [Fact]
    public void Where_a_row_has_no_room_each_is_a_block() => Assert.Equal(
        [
            "01a2028066a07916b4a97942b3a704e4",
            "  settled  age 2 min",
            "  lfn is required; pandaid must be",
            "  1 to 19 digits",
            "short",
            "  running  age 30 s",
        ],
        Lines(34));

    [Fact]
    public void At_no_width_is_an_id_cut_or_a_line_longer_than_it_must_be()
    {
        for (var width = 1; width <= 120; width++)
        {
            var lines = Lines(width);
            Assert.Contains(lines, l => l.Contains(Id, StringComparison.Ordinal));
            Assert.All(lines, line => Assert.True(
                line.Length <= width || line.Trim().Split(' ').Length == 1 || line.Trim().Split("  ").Length == 1, $"{width}: '{line}'"));
            Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
        }
    }

    [Fact]
    public void Colors_are_of_the_sixteen_and_change_no_place()
    {
        foreach (var width in (int[])[100, 75, 52, 34])
        {
            var colored = TableLayout.Lines(Columns, Rows, width, colors: true);

            Assert.Contains(colored, l => l.Contains("\u001b[36mrunning\u001b[0m", StringComparison.Ordinal));
            Assert.Equal(Lines(width), colored.Select(WithoutColors));
        }
    }

    [Fact]
    public void Nothing_of_a_build_servers_environment_makes_colors()
    {
        var before = Environment.GetEnvironmentVariable("GITHUB_ACTIONS");
        Environment.SetEnvironmentVariable("GITHUB_ACTIONS", "true");
        try
        {
            Assert.DoesNotContain(Lines(100), l => l.Contains('\u001b', StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("GITHUB_ACTIONS", before);
        }
    }

    [Fact]
    public void Text_from_outside_is_neither_markup_nor_a_control_sequence()
    {
        var lines = TableLayout.Lines(Columns, [["[red]x[/]", "a\u001b[2Jb", "[", "]"]], 80, colors: true);

        Assert.Contains("[red]x[/]", lines[1], StringComparison.Ordinal);
        Assert.Contains("a\\u001b[2Jb", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Wide_characters_take_their_two_cells()
    {
        var lines = TableLayout.Lines([new("A"), new("B")], [["日本", "x"], ["abcd", "y"]], 80, colors: false);

        Assert.Equal(["A     B", "日本  x", "abcd  y"], lines);
        Assert.Equal(lines[1].GetCellWidth(), lines[2].GetCellWidth());
    }

    private static IReadOnlyList<string> Lines(int width) => TableLayout.Lines(Columns, Rows, width, colors: false);

    private static string WithoutColors(string line) => System.Text.RegularExpressions.Regex.Replace(line, "\u001b\\[[0-9;]*m", "");
}
