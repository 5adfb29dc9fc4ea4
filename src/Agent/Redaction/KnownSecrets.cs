using System.Buffers;
using System.Text;

namespace OpsAgent.Agent.Redaction;

/// <summary>
/// The secrets whose values the agent knows, found wherever they occur: as they are, inside base64 at each of its three alignments, and
/// both in the escapes of URLs and of strings, whatever was escaped of it, and up to three times over.
/// </summary>
internal sealed class KnownSecrets
{
    /// <summary>In characters. A shorter one, such as the default passcode, is a word that stands in many an innocent line.</summary>
    public const int Shortest = 8;

    // A shorter one may be a word: as a part of another word, of a name or of a task's it is none.
    private const int ShortestAnywhere = 16;

    // Of a longer one its beginning is looked for, and what follows goes with it.
    private const int LongestForm = 4096;

    // As in JSON that is a text in JSON, in a URL.
    private const int DeepestEscape = 3;

    // Base64 of less is too likely to be something else.
    private const int ShortestEncoded = 10;

    private readonly Form[] _forms;
    private readonly SearchValues<string>? _any;

    /// <param name="values">Their values; those that are too short are left out.</param>
    public KnownSecrets(IEnumerable<string> values)
    {
        _forms = [.. values.Where(static v => v.Trim().Length >= Shortest).SelectMany(static v => Forms(v.Trim()))
            .GroupBy(static f => f.Text, static (text, same) => new Form(text, same.All(static f => f.IsAlone)), StringComparer.Ordinal)
            .OrderByDescending(static f => f.Text.Length)];
        _any = _forms.Length == 0 ? null : SearchValues.Create([.. _forms.Select(static f => f.Text)], StringComparison.Ordinal);
    }

    /// <summary>Adds what is found in a line of text, or of UTF-8 bytes that were made one character each.</summary>
    public void Find(ReadOnlySpan<char> line, List<Finding> found)
    {
        if (_any is not null)
        {
            FindIn(line, null, found);
            FindEscaped(line, null, DeepestEscape, found);
        }
    }

    /// <summary>True if a line may hold one.</summary>
    public bool MayBeIn(ReadOnlySpan<char> text) => _any is not null && (DecodedText.IsEscaped(text) || text.ContainsAny(_any));

    // One kind after the other, in each order: a value may itself hold what looks like an escape of the other kind.
    private void FindEscaped(ReadOnlySpan<char> line, int[]? from, int depth, List<Finding> found)
    {
        if (depth == 0 || !DecodedText.IsEscaped(line))
        {
            return;
        }

        foreach (var decoded in (DecodedText?[])[DecodedText.OfStrings(line, from), DecodedText.OfUrls(line, from)])
        {
            if (decoded is { } d)
            {
                FindIn(d.Text, d.From, found);
                FindEscaped(d.Text, d.From, depth - 1, found);
            }
        }
    }

    private void FindIn(ReadOnlySpan<char> line, int[]? from, List<Finding> found)
    {
        for (var at = 0; at < line.Length;)
        {
            var next = line[at..].IndexOfAny(_any!);
            if (next < 0)
            {
                return;
            }

            at += next;
            var length = LengthAt(line, at);
            if (length == 0)
            {
                at++;
                continue;
            }

            var end = at + length;
            while (length == LongestForm && end < line.Length && !char.IsWhiteSpace(line[end]))
            {
                end++;
            }

            var (first, last) = from is null ? (at, end) : (from[at], from[end]);
            found.Add(new Finding(first, first, last));
            at = end;
        }
    }

    private int LengthAt(ReadOnlySpan<char> line, int at)
    {
        foreach (var (text, isAlone) in _forms)
        {
            if (line[at..].StartsWith(text, StringComparison.Ordinal)
                && (!isAlone || (!GoesOn(line[(at + text.Length)..]) && !HasBegun(line[..at]))))
            {
                return text.Length;
            }
        }

        return 0;
    }

    /// <summary>True if a word goes on here; a dot or hyphen without more of it does not count.</summary>
    private static bool GoesOn(ReadOnlySpan<char> after) =>
        after is [var next, ..] && (IsWord(next) || (next is '.' or '-' && after is [_, var second, ..] && IsWord(second)));

    /// <summary>True if a word has begun before; what only ends an escape, as in <c>\n</c>, <c>%20</c> and <c>\u0022</c>, is none.</summary>
    private static bool HasBegun(ReadOnlySpan<char> before) =>
        before is [.., var last] && (IsWord(last) || (last is '.' or '-' && before is [.., var second, _] && IsWord(second)))
        && before is not ([.., '\\', _] or [.., '%', _, _] or [.., '\\', 'u', _, _, _, _]);

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static IEnumerable<Form> Forms(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var latin = Encoding.Latin1.GetString(bytes);
        List<string> forms = [value, latin, value.Replace(' ', '+'), latin.Replace(' ', '+')];
        var plain = forms.Count;
        for (var alignment = 0; alignment < 3; alignment++)
        {
            // What stands before and after it changes the first and the last characters; between them they are its own.
            var encoded = Convert.ToBase64String([.. new byte[alignment], .. bytes]).TrimEnd('=');
            var first = alignment == 0 ? 0 : alignment + 1;
            var last = (alignment + bytes.Length) / 3 * 4;
            if (last - first >= ShortestEncoded)
            {
                forms.Add(encoded[first..last]);
                forms.Add(encoded[first..last].Replace('+', '-').Replace('/', '_'));
            }
        }

        return forms.Select((f, i) => new Form(f.Length <= LongestForm ? f : f[..LongestForm], i < plain && value.Length < ShortestAnywhere));
    }

    /// <param name="Text">What is looked for.</param>
    /// <param name="IsAlone">True if it counts only where it is no part of a word.</param>
    private readonly record struct Form(string Text, bool IsAlone);
}
