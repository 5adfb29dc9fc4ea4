using System.Text;

namespace OpsAgent.Toml.Reading;

/// <summary>Walks a checked text (see <see cref="SourceText"/>) and knows the place it is at.</summary>
internal sealed class TextCursor(string text, string? fileName)
{
    /// <summary>What <see cref="Current"/> and <see cref="Peek"/> give past the end; a checked text has no NUL.</summary>
    public const char End = '\0';

    private int _index;
    private int _line = 1;
    private int _column = 1;

    public TomlPosition Position => new(_line, _column);

    public bool AtEnd => _index >= text.Length;

    public char Current => Peek(0);

    /// <summary>The whole character here, which may be two UTF-16 units; only to be called before the end.</summary>
    public Rune CurrentRune => Rune.GetRuneAt(text, _index);

    public char Peek(int ahead) => _index + ahead < text.Length ? text[_index + ahead] : End;

    public bool Follows(string expected) => string.CompareOrdinal(text, _index, expected, 0, expected.Length) == 0;

    public void Advance(int units = 1)
    {
        for (; units > 0 && _index < text.Length; units--)
        {
            var passed = text[_index++];
            if (passed == '\n')
            {
                _line++;
                _column = 1;
            }
            else if (!char.IsHighSurrogate(passed))
            {
                _column++;
            }
        }
    }

    public bool TryTake(char expected)
    {
        if (Current != expected || expected == End)
        {
            return false;
        }

        Advance();
        return true;
    }

    /// <summary>How many units from here on <paramref name="belongs"/> says yes to.</summary>
    public int CountWhile(Func<char, bool> belongs)
    {
        var end = _index;
        while (end < text.Length && belongs(text[end]))
        {
            end++;
        }

        return end - _index;
    }

    public ReadOnlySpan<char> Ahead(int units) => text.AsSpan(_index, units);

    public void SkipBlanks()
    {
        while (Current is ' ' or '\t')
        {
            Advance();
        }
    }

    public void SkipComment()
    {
        if (Current == '#')
        {
            Advance(CountWhile(static c => c != '\n'));
        }
    }

    public void SkipBlanksLinesAndComments()
    {
        while (Current is ' ' or '\t' or '\n' or '#')
        {
            SkipComment();
            Advance();
        }
    }

    public TomlException Error(string problem) => Error(Position, problem);

    public TomlException Error(TomlPosition position, string problem) => new(fileName, position, problem);
}
