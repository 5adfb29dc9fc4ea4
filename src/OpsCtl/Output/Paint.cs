using Spectre.Console;

namespace OpsAgent.OpsCtl.Output;

/// <summary>The colors of tones: of the sixteen that every terminal has, so that its user's own choice of them holds.</summary>
internal static class Paint
{
    private const int Red = 1;
    private const int Green = 2;
    private const int Yellow = 3;
    private const int Cyan = 6;

    /// <summary>For a line that is written as it is; the text is made harmless.</summary>
    public static string Line(IEnumerable<Piece> pieces, bool colors) => string.Concat(pieces.Select(p => One(p, colors)));

    /// <summary>For what Spectre.Console lays out; broken between words at that width.</summary>
    public static Text Cell(Piece piece, bool colors, int width) =>
        new(string.Join('\n', WordWrap.Lines(SafeText.OneLine(piece.Text), width)), colors ? StyleOf(piece.Tone) : null);

    private static string One(Piece piece, bool colors)
    {
        var text = SafeText.OneLine(piece.Text);
        return colors && text.Length > 0 && Code(piece.Tone) is { } code ? $"\u001b[{code}m{text}\u001b[0m" : text;
    }

    private static string? Code(Tone tone) => tone switch
    {
        Tone.Faint => "2",
        Tone.Strong => "1",
        _ => ColorOf(tone) is { } color ? $"{30 + color}" : null,
    };

    private static Style? StyleOf(Tone tone) => tone switch
    {
        Tone.Faint => new Style(decoration: Decoration.Dim),
        Tone.Strong => new Style(decoration: Decoration.Bold),
        _ => ColorOf(tone) is { } color ? new Style(Color.FromInt32(color)) : null,
    };

    private static int? ColorOf(Tone tone) => tone switch
    {
        Tone.Bad => Red,
        Tone.Good => Green,
        Tone.Warning => Yellow,
        Tone.Active => Cyan,
        _ => null,
    };
}
