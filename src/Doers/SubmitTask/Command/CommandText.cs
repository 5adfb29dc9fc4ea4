using System.Text;

namespace OpsAgent.Doers.SubmitTask.Command;

/// <summary>
/// Splits a command by the rules of a POSIX shell, without one: what a shell would take as plain words comes out as it would make
/// them; anything by which a shell would do more is refused.
/// </summary>
internal sealed class CommandText
{
    private readonly string _text;
    private readonly List<CommandWord> _words = [];
    private readonly StringBuilder _word = new();
    private int _at;
    private int _line = 1;
    private int _column = 1;
    private (int Line, int Column) _begin;
    private bool _inWord;

    private CommandText(string text) => _text = text;

    private char Now => _text[_at];

    private bool AtEnd => _at >= _text.Length;

    /// <summary>The words; <see cref="CommandRefusedException"/> for what is not plain words on one (continued) line.</summary>
    public static IReadOnlyList<CommandWord> Split(string text)
    {
        var splitting = new CommandText(text);
        splitting.Run();
        return splitting._words;
    }

    private void Run()
    {
        while (!AtEnd)
        {
            var c = Now;
            if (c is ' ' or '\t')
            {
                EndWord();
                Step();
            }
            else if (c == '\n')
            {
                EndAtNewline();
            }
            else if (c == '\\')
            {
                Escape();
            }
            else if (c is '\'')
            {
                SingleQuoted();
            }
            else if (c is '"')
            {
                DoubleQuoted();
            }
            else
            {
                Plain(c);
            }
        }

        EndWord();
    }

    private void Plain(char c)
    {
        if (UnquotedFault(c, _inWord) is { } fault)
        {
            throw Refused(fault);
        }

        Take();
    }

    private static string? UnquotedFault(char c, bool inWord) => c switch
    {
        ';' or '&' or '|' or '<' or '>' or '(' or ')' => $"unquoted '{c}'",
        '`' => "unquoted backtick",
        '$' => "unquoted '$'",
        '*' or '?' or '[' or '{' => $"unquoted '{c}', a pattern",
        '~' when !inWord => "'~' at the beginning of a word",
        '#' when !inWord => "unquoted '#' at the beginning of a word, a comment",
        _ => null,
    };

    private void EndAtNewline()
    {
        var (line, column) = (_line, _column);
        EndWord();
        while (!AtEnd)
        {
            if (Now is not ('\n' or ' ' or '\t'))
            {
                throw new CommandRefusedException("unquoted newline, which begins another command", line, column);
            }

            Step();
        }

        if (_words.Count == 0)
        {
            throw new CommandRefusedException("the text is empty", line, column);
        }
    }

    private void Escape()
    {
        var (line, column) = (_line, _column);
        Step();
        if (AtEnd)
        {
            throw new CommandRefusedException("backslash at the end of the text", line, column);
        }

        if (Now == '\n')
        {
            Step(); // a continued line: neither of the two is part of anything
            return;
        }

        Begin(line, column);
        Take();
    }

    private void SingleQuoted()
    {
        var (line, column) = (_line, _column);
        Begin(line, column);
        Step();
        while (!AtEnd && Now != '\'')
        {
            Take();
        }

        Close("single", line, column);
    }

    private void DoubleQuoted()
    {
        var (line, column) = (_line, _column);
        Begin(line, column);
        Step();
        while (!AtEnd && Now != '"')
        {
            if (Now is '$' or '`')
            {
                throw Refused(Now == '$' ? "'$' in double quotes" : "backtick in double quotes");
            }

            if (Now == '\\')
            {
                EscapeInQuotes();
            }
            else
            {
                Take();
            }
        }

        Close("double", line, column);
    }

    // In double quotes a backslash is itself, except before these.
    private void EscapeInQuotes()
    {
        var next = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        if (next == '\n')
        {
            Step();
            Step();
        }
        else if (next is '$' or '`' or '"' or '\\')
        {
            Step();
            Take();
        }
        else
        {
            Take();
        }
    }

    private void Close(string kind, int line, int column)
    {
        if (AtEnd)
        {
            throw new CommandRefusedException($"{kind} quote that is never closed", line, column);
        }

        Step();
    }

    private void Take()
    {
        Begin(_line, _column);
        _word.Append(Now);
        Step();
    }

    private void Begin(int line, int column)
    {
        if (!_inWord)
        {
            _inWord = true;
            _begin = (line, column);
        }
    }

    private void EndWord()
    {
        if (_inWord)
        {
            _words.Add(new CommandWord(_word.ToString(), _begin.Line, _begin.Column));
            _word.Clear();
            _inWord = false;
        }
    }

    private void Step()
    {
        var c = Now;
        if (char.IsControl(c) && c is not ('\n' or '\t'))
        {
            throw Refused($"control character U+{(int)c:X4}");
        }

        (_line, _column) = c == '\n' ? (_line + 1, 1) : (_line, _column + 1);
        _at++;
    }

    private CommandRefusedException Refused(string what) => new(what, _line, _column);
}
