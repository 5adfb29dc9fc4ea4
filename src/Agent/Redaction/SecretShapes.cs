using System.Buffers;

namespace OpsAgent.Agent.Redaction;

/// <summary>
/// Credentials known by their shape: tokens of three base64 parts, private keys, what follows <c>Bearer</c>, the values of headers and
/// parameters that carry credentials, the user part of URLs. Looks at each character a bounded number of times.
/// </summary>
internal static class SecretShapes
{
    /// <summary>How far a shape's own mark may be from what it marks, in characters; a cut of a line leaves at least so much.</summary>
    public const int LongestMark = 1024;

    private const string Token = "eyJ";
    private const string KeyBegin = "-----BEGIN ";
    private const string KeyWords = "PRIVATE KEY-----";
    private const string KeyEnd = "-----END ";
    private const string Bearer = "Bearer";
    private const string UrlUser = "://";
    private const int ShortestToken = 16;
    private const int ShortestProse = 16;
    private const int MostBlanks = 8;
    private const int LongestParameter = 64;

    /// <summary>Headers whose whole value is a credential.</summary>
    private static readonly string[] Headers =
        ["Authorization", "X-Rucio-Auth-Token", "X-Rucio-Password", "X-Auth-Token", "X-Api-Key", "Set-Cookie", "Cookie"];

    /// <summary>Names whose value is a credential however it is written; for others ending so, see <see cref="Word"/>.</summary>
    private static readonly string[] Names =
    [
        "passcode", "password", "passwd", "passphrase", "authz", "access_token", "id_token", "refresh_token", "auth_token", "api_key",
        "apikey", "client_secret", "X-Amz-Signature",
    ];

    /// <summary>Words that are a credential's name only where they are written as one.</summary>
    private static readonly string[] Words = ["token", "secret"];

    /// <summary>What may follow Bearer in plain speech.</summary>
    private static readonly string[] Speech =
        ["token", "tokens", "authentication", "authorization", "auth", "credential", "credentials", "header", "realm", "error", "scope", "is", "or", "and"];

    private static readonly SearchValues<string> Marks =
        SearchValues.Create([Token, KeyBegin, Bearer, UrlUser, .. Headers, .. Names, .. Words], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=%");

    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/?#\"'<>\\ \t\r\n");
    private static readonly SearchValues<char> LiteralEnds = SearchValues.Create(" \t\r\n\"'&,;<>()[]{}|\\`");

    // A password may hold any other punctuation, and what it ends with is not worth telling.
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\"'`");
    private static readonly SearchValues<char> MayEndWord = SearchValues.Create(" \t\r\n\"'`&\\");

    /// <summary>True if a text may hold one.</summary>
    public static bool MayBeIn(ReadOnlySpan<char> text) => text.ContainsAny(Marks);

    /// <summary>Adds what is found in a line.</summary>
    public static void Find(ReadOnlySpan<char> line, List<Finding> found)
    {
        var strings = new JsonStrings(line);
        for (var at = 0; at < line.Length;)
        {
            var next = line[at..].IndexOfAny(Marks);
            if (next < 0)
            {
                return;
            }

            at += next;
            if (At(line, at, strings.EndAt(at)) is { } finding)
            {
                found.Add(finding);
                at = Math.Max(finding.To, at + 1);
            }
            else
            {
                at++;
            }
        }
    }

    private static Finding? At(ReadOnlySpan<char> line, int at, int stringEnd)
    {
        var rest = line[at..];
        if (rest.StartsWith(Token, StringComparison.Ordinal))
        {
            var length = RunLength(rest);
            return length >= ShortestToken ? new Finding(at, at, at + length) : null;
        }

        if (rest.StartsWith(KeyBegin, StringComparison.OrdinalIgnoreCase))
        {
            return Key(line, at);
        }

        if (rest.StartsWith(UrlUser, StringComparison.Ordinal))
        {
            return User(line, at);
        }

        return Named(line, at, Headers, stringEnd, isHeader: true) ?? Named(line, at, Names, stringEnd, isHeader: false)
            ?? Word(line, at, stringEnd) ?? AfterBearer(line, at);
    }

    private static Finding? Key(ReadOnlySpan<char> line, int at)
    {
        var head = line.Slice(at, Math.Min(line.Length - at, 80));
        if (head.IndexOf(KeyWords, StringComparison.OrdinalIgnoreCase) < 0)
        {
            return null;
        }

        var end = line[at..].IndexOf(KeyEnd, StringComparison.OrdinalIgnoreCase);
        if (end < 0)
        {
            return new Finding(at, at, line.Length, ToLineEnd: true, OpensKey: true);
        }

        end += at + KeyEnd.Length;
        var close = line[end..].IndexOf("-----", StringComparison.Ordinal);
        return new Finding(at, at, close < 0 ? line.Length : end + close + 5);
    }

    private static Finding? User(ReadOnlySpan<char> line, int at)
    {
        var start = at + UrlUser.Length;
        var rest = line.Slice(start, Math.Min(line.Length - start, LongestMark));
        var end = rest.IndexOfAny(AuthorityEnds);
        var authority = end < 0 ? rest : rest[..end];
        var user = authority.LastIndexOf('@');
        if (user < 0 && authority.IndexOf(':') is >= 0 and var colon && authority[(colon + 1)..].ContainsAnyExceptInRange('0', '9'))
        {
            // No port is behind that colon: a password which holds what should have been escaped.
            end = rest.IndexOfAny(WordEnds);
            user = (end < 0 ? rest : rest[..end]).LastIndexOf('@');
        }

        return user < 1 ? null : new Finding(at, start, start + user);
    }

    private static Finding? AfterBearer(ReadOnlySpan<char> line, int at)
    {
        if (!line[at..].StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var start = at + Bearer.Length;
        var blanks = Blanks(line[start..]);
        if (blanks == 0 && line[start..].StartsWith("%20", StringComparison.Ordinal))
        {
            blanks = 3;
        }

        start += blanks;

        // The rest of a long run is looked at only once it is known to be a credential: many marks may stand in one run.
        var near = blanks == 0 ? 0 : RunLength(line.Slice(start, Math.Min(line.Length - start, LongestMark)));
        var word = line.Slice(start, near).TrimEnd(".:,=");
        foreach (var said in Speech)
        {
            if (word.Equals(said, StringComparison.OrdinalIgnoreCase)
                || (word.StartsWith(said, StringComparison.OrdinalIgnoreCase) && word[said.Length..].StartsWith("=")))
            {
                return null;
            }
        }

        return near == 0 ? null : new Finding(at, start, start + RunLength(line[start..]));
    }

    /// <summary><c>name=value</c>, <c>name: value</c>, also quoted as in JSON, in JSON within JSON, and in Python.</summary>
    private static Finding? Named(ReadOnlySpan<char> line, int at, string[] names, int stringEnd, bool isHeader)
    {
        foreach (var name in names)
        {
            if (line[at..].StartsWith(name, StringComparison.OrdinalIgnoreCase) && Separator(line, at + name.Length, out _, out var start))
            {
                return IsQuote(line[at + name.Length]) && IsLiteral(line[start..], numbersToo: false)
                    ? null : Value(line, at, start, stringEnd, toLineEnd: isHeader, isQuotedName: IsQuote(line[at + name.Length]));
            }
        }

        return null;
    }

    /// <summary>"The token: expired" is speech; <c>SOME_TOKEN=x</c> and <c>"token": "x"</c> are not, nor is a long value.</summary>
    private static Finding? Word(ReadOnlySpan<char> line, int at, int stringEnd)
    {
        foreach (var name in Words)
        {
            if (!line[at..].StartsWith(name, StringComparison.OrdinalIgnoreCase)
                || !Separator(line, at + name.Length, out var isPlain, out var start)
                || (IsQuote(line[at + name.Length]) && IsLiteral(line[start..], numbersToo: true)))
            {
                continue;
            }

            var finding = Value(line, at, start, stringEnd, toLineEnd: false, isQuotedName: IsQuote(line[at + name.Length]));
            return finding is { } f && isPlain && f.To - f.From < ShortestProse ? null : finding;
        }

        return null;
    }

    /// <summary>Goes over what stands between a name and its value.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Behind the name.</param>
    /// <param name="isPlain">True if it is a colon after a name without quotes.</param>
    /// <param name="start">Where the value begins, its quote included.</param>
    private static bool Separator(ReadOnlySpan<char> line, int at, out bool isPlain, out int start)
    {
        var quoted = at;
        while (at < line.Length && at - quoted < 4 && line[at] is '\\' or '"' or '\'')
        {
            at++;
        }

        isPlain = at == quoted;
        at += Blanks(line[at..]);
        start = at + 1;
        if (line[at..].StartsWith("%3D", StringComparison.OrdinalIgnoreCase))
        {
            start = at + 3;
        }
        else if (at >= line.Length || line[at] is not (':' or '='))
        {
            return false;
        }

        isPlain &= line[at] == ':';
        start += Blanks(line[start..]);
        return start < line.Length;
    }

    /// <summary>What is no secret in JSON or Python, and has no quotes: whether there is one, or how many.</summary>
    private static bool IsLiteral(ReadOnlySpan<char> text, bool numbersToo)
    {
        var length = text.IndexOfAny(LiteralEnds);
        var value = length < 0 ? text : text[..length];
        return value is "true" or "false" or "null" or "True" or "False" or "None"
            || (numbersToo && value.Length > 0 && value.IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private static bool IsQuote(char c) => c is '"' or '\'' or '\\';

    private static Finding? Value(ReadOnlySpan<char> line, int context, int start, int stringEnd, bool toLineEnd, bool isQuotedName)
    {
        // What is said within a string of JSON ends with it: the rest of the line is not the value's.
        var isInString = start <= stringEnd && stringEnd < line.Length;
        line = isInString ? line[..stringEnd] : line;
        start += StringPrefix(line[start..]);
        var at = start;
        while (at < line.Length && at - start < 4 && line[at] == '\\')
        {
            at++;
        }

        if (at < line.Length && line[at] is '"' or '\'')
        {
            // A quote behind no backslash is of the text itself, behind one of a text within it, behind three of one within that.
            var depth = at - start is var slashes && slashes < 3 ? Math.Min(slashes, 1) : 2;
            var quote = line[at++];
            var end = Closing(line[at..], quote, depth);
            return end == 0 ? null
                : end < 0 && at == line.Length ? null
                : end < 0 ? new Finding(context, at, line.Length, ToLineEnd: !isInString)
                : new Finding(context, at, at + end);
        }

        at = start;
        if (line[at..].StartsWith(Redactor.Mark, StringComparison.Ordinal))
        {
            return null;
        }

        if (toLineEnd)
        {
            return at == line.Length ? null : new Finding(context, at, line.Length, ToLineEnd: !isInString);
        }

        // Behind a name in quotes it is a number, as in JSON; else a word.
        var number = isQuotedName ? line[at..].IndexOfAny(LiteralEnds) : -1;
        var stop = number >= 0 ? at + number : at + WordLength(line[at..], isInString);
        return stop == at ? null : new Finding(context, at, stop);
    }

    /// <summary>The letters before a string of Python's, as in <c>b'x'</c>.</summary>
    private static int StringPrefix(ReadOnlySpan<char> text) => text switch
    {
        ['b' or 'u' or 'r' or 'f', '"' or '\'', ..] => 1,
        ['r' or 'b', 'b' or 'r', '"' or '\'', ..] => 2,
        _ => 0,
    };

    /// <summary>Up to a blank, a quote, the next parameter of a URL, or, in a string of JSON, the escape of one of the first two.</summary>
    private static int WordLength(ReadOnlySpan<char> text, bool isInString)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(MayEndWord);
            if (next < 0)
            {
                break;
            }

            at += next;
            var isEnd = text[at] switch
            {
                '&' => IsParameter(text[(at + 1)..]),
                '\\' => isInString && at + 1 < text.Length && text[at + 1] is 'n' or 'r' or 't' or '"',
                _ => true,
            };
            if (isEnd)
            {
                return at;
            }

            // What the backslash escapes goes with it.
            at += isInString && text[at] == '\\' ? 1 : 0;
        }

        return text.Length;
    }

    /// <summary>True at <c>name=</c>, as of a query or a form.</summary>
    private static bool IsParameter(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < LongestParameter && length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or '-' or '.'))
        {
            length++;
        }

        return length > 0 && length < text.Length && text[length] == '=';
    }

    /// <summary>The quote that closes, whose escapes are of the same depth as those of the one that opened, or of a lower one.</summary>
    private static int Closing(ReadOnlySpan<char> rest, char quote, int depth)
    {
        for (var at = 0; at < rest.Length; at++)
        {
            if (rest[at] != quote)
            {
                continue;
            }

            var before = at;
            while (before > 0 && rest[before - 1] == '\\')
            {
                before--;
            }

            if (Closes(at - before, depth))
            {
                return before;
            }
        }

        return -1;
    }

    /// <summary>Each level of text in text halves the backslashes before a quote; one that is left over makes it a part of what is told.</summary>
    private static bool Closes(int backslashes, int depth) =>
        backslashes % 2 == 0 || (depth > 0 && Closes((backslashes - 1) / 2, depth - 1));

    private static int Blanks(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && count < MostBlanks && text[count] is ' ' or '\t')
        {
            count++;
        }

        return count;
    }

    private static int RunLength(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(TokenCharacters);
        return length < 0 ? text.Length : length;
    }
}
