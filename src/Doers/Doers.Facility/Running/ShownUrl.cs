using System.Text;

namespace OpsAgent.Doers.Facility;

/// <summary>
/// Takes out of a text what its URLs may hold of secrets: the query or fragment, often a token, and the user part. What a doer
/// says ends in files and messages that anybody may read.
/// </summary>
internal static class ShownUrl
{
    private const string SchemeEnd = "://";

    /// <summary>
    /// <paramref name="text"/> with each URL, absolute or only a path, cut from its <c>?</c> or <c>#</c> on. A word is one if it
    /// has a <c>/</c> before those.
    /// </summary>
    public static string In(string text)
    {
        if (!text.Contains('/', StringComparison.Ordinal))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var length = WordLength(rest);
            shown.Append(Shown(rest[..length]));
            rest = rest[length..];
            if (rest.Length > 0)
            {
                shown.Append(rest[0]);
                rest = rest[1..];
            }
        }

        return shown.ToString();
    }

    private static string Shown(ReadOnlySpan<char> word)
    {
        var slash = word.IndexOf('/');
        if (slash < 0)
        {
            return word.ToString();
        }

        var secret = word[slash..].IndexOfAny('?', '#');
        return WithoutUser(secret < 0 ? word : word[..(slash + secret)]);
    }

    private static string WithoutUser(ReadOnlySpan<char> url)
    {
        var scheme = url.IndexOf(SchemeEnd);
        if (scheme < 0)
        {
            return url.ToString();
        }

        var start = scheme + SchemeEnd.Length;
        var slash = url[start..].IndexOf('/');
        var user = (slash < 0 ? url[start..] : url.Slice(start, slash)).LastIndexOf('@');
        return user < 0 ? url.ToString() : string.Concat(url[..start], url[(start + user + 1)..]);
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]) || text[i] is '"' or '<' or '>')
            {
                return i;
            }
        }

        return text.Length;
    }
}
