using System.Text;

namespace OpsAgent.Toml.Reading;

/// <summary>The text of a number or date while it is read: it is on one line, and what was passed of it is ASCII.</summary>
internal ref struct ScalarText(TextCursor cursor, ReadOnlySpan<char> text)
{
    private readonly TomlPosition _start = cursor.Position;

    /// <summary>The whole of it.</summary>
    public readonly ReadOnlySpan<char> Text { get; } = text;

    /// <summary>Where the value begins.</summary>
    public readonly TomlPosition Start => _start;

    /// <summary>How many characters were passed.</summary>
    public int Index { get; set; }

    public readonly bool AtEnd => Index >= Text.Length;

    public readonly char Current => AtEnd ? TextCursor.End : Text[Index];

    public readonly bool AtDigit => char.IsAsciiDigit(Current);

    public bool TryTake(char one, char other)
    {
        if (AtEnd || (Current != one && Current != other))
        {
            return false;
        }

        Index++;
        return true;
    }

    public bool TryTake(char expected) => TryTake(expected, expected);

    /// <summary>A mistake at the current character.</summary>
    public readonly TomlException Expected(string what) => Error(Index, $"expected {what}, found {Found()}");

    /// <summary>A mistake that concerns the whole value.</summary>
    public readonly TomlException Error(string problem) => Error(0, problem);

    public readonly TomlException Error(int index, string problem) =>
        cursor.Error(_start with { Column = _start.Column + index }, problem);

    private readonly string Found()
    {
        if (AtEnd)
        {
            return $"the end of {Wording.Quoted(Text)}";
        }

        Rune.DecodeFromUtf16(Text[Index..], out var rune, out _);
        return $"{Wording.Found(rune)} in {Wording.Quoted(Text)}";
    }
}
