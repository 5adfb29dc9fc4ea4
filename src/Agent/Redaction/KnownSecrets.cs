using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OpsAgent.Agent.Redaction;

/// <summary>
/// The secrets whose values the agent knows, found wherever they occur: as they are, URL-encoded, JSON-escaped, and inside base64 at
/// each of its three alignments.
/// </summary>
internal sealed class KnownSecrets
{
    /// <summary>In characters. A shorter one, such as the default passcode, is a word that stands in many an innocent line.</summary>
    public const int Shortest = 8;

    // Of a longer one its beginning is looked for, and what follows goes with it.
    private const int LongestForm = 4096;

    // Base64 of less is too likely to be something else.
    private const int ShortestEncoded = 10;

    private readonly string[] _forms;
    private readonly SearchValues<string>? _any;

    /// <param name="values">Their values; those that are too short are left out.</param>
    public KnownSecrets(IEnumerable<string> values)
    {
        _forms = [.. values.Where(static v => v.Trim().Length >= Shortest).SelectMany(static v => Forms(v.Trim()))
            .Distinct(StringComparer.Ordinal).OrderByDescending(static f => f.Length)];
        _any = _forms.Length == 0 ? null : SearchValues.Create(_forms, StringComparison.Ordinal);
    }

    /// <summary>Adds what is found in a line of text, or of UTF-8 bytes that were made one character each.</summary>
    public void Find(ReadOnlySpan<char> line, List<Finding> found)
    {
        for (var at = 0; _any is not null && at < line.Length;)
        {
            var next = line[at..].IndexOfAny(_any);
            if (next < 0)
            {
                return;
            }

            at += next;
            var length = LengthAt(line[at..]);
            var end = at + length;
            while (length == LongestForm && end < line.Length && !char.IsWhiteSpace(line[end]))
            {
                end++;
            }

            found.Add(new Finding(at, at, end));
            at = end;
        }
    }

    /// <summary>True if a line may hold one.</summary>
    public bool MayBeIn(ReadOnlySpan<char> text) => _any is not null && text.ContainsAny(_any);

    private int LengthAt(ReadOnlySpan<char> text)
    {
        foreach (var form in _forms)
        {
            if (text.StartsWith(form, StringComparison.Ordinal))
            {
                return form.Length;
            }
        }

        return 1;
    }

    private static IEnumerable<string> Forms(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        List<string> forms =
        [
            value, Encoding.Latin1.GetString(bytes), Uri.EscapeDataString(value), JsonEncodedText.Encode(value).ToString(),
        ];
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

        return forms.Select(static f => f.Length <= LongestForm ? f : f[..LongestForm]);
    }
}
