namespace OpsAgent.Capabilities.Signing;

/// <summary>What a signing key may be called: it goes on the wire, into the manifest, and is the name of the key's file.</summary>
public static class KeyId
{
    /// <summary>The longest, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The form in words.</summary>
    public const string Form = "1 to 64 of a-z 0-9 . _ - that begin with a letter or digit";

    /// <summary>True if a text has that form. It then is no path and no option, and has no meaning to a shell.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxLength || text[0] is '.' or '_' or '-')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
