namespace OpsAgent.Agent.Redaction;

/// <summary>
/// Where the strings of JSON in a line end. A quote opens one only behind what may stand before a string there, and closes it only
/// before what may follow: text such as <c>username="ops"</c> has none. Asked from left to right it goes over the line once.
/// </summary>
/// <param name="line">The line.</param>
internal ref struct JsonStrings(ReadOnlySpan<char> line)
{
    private readonly ReadOnlySpan<char> _line = line;
    private int _seen;
    private int _begin;
    private int _end = -1;

    /// <summary>The closing quote of the string that a place is in; the line's length if it is in none, or in one without an end.</summary>
    /// <param name="at">The place; not before the one that was asked for last.</param>
    public int EndAt(int at)
    {
        while (_seen <= at)
        {
            var quote = _line[_seen..].IndexOf('"');
            if (quote < 0)
            {
                _seen = int.MaxValue;
                break;
            }

            quote += _seen;
            _seen = quote + 1;
            if (Opens(quote))
            {
                var end = Closing(_seen);
                if (end < 0)
                {
                    _seen = int.MaxValue;
                }
                else if (Follows(end + 1))
                {
                    (_begin, _end, _seen) = (quote, end, end + 1);
                }
            }
        }

        return _begin < at && at < _end ? _end : _line.Length;
    }

    private readonly bool Opens(int quote)
    {
        var before = _line[..quote].TrimEnd(" \t");
        return before.IsEmpty || before[^1] is '{' or '[' or ',' or ':';
    }

    private readonly bool Follows(int end)
    {
        var after = _line[end..].TrimStart(" \t\r");
        return after.IsEmpty || after[0] is '}' or ']' or ',' or ':';
    }

    private readonly int Closing(int from)
    {
        for (var at = from; at < _line.Length; at++)
        {
            if (_line[at] == '"')
            {
                return at;
            }

            at += _line[at] == '\\' ? 1 : 0;
        }

        return -1;
    }
}
