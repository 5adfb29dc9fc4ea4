using System.Buffers;
using System.Text;

namespace OpsAgent.Stomp.Protocol;

/// <summary>1.0 escapes nothing, 1.1 newline, colon and backslash, 1.2 carriage return too.</summary>
internal static class HeaderEscaping
{
    private static readonly SearchValues<char> Special11 = SearchValues.Create("\n:\\");
    private static readonly SearchValues<char> Special12 = SearchValues.Create("\r\n:\\");

    /// <summary>The text as it goes on the wire.</summary>
    public static string Escape(string text, StompVersion version)
    {
        if (version == StompVersion.V10 || text.AsSpan().IndexOfAny(version == StompVersion.V12 ? Special12 : Special11) < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => escaped.Append("\\n"),
                ':' => escaped.Append("\\c"),
                '\\' => escaped.Append("\\\\"),
                '\r' when version == StompVersion.V12 => escaped.Append("\\r"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>
    /// The text of octets from the wire. Octets that are no UTF-8 become U+FFFD: some sender's bad header must not end the
    /// connection of everybody who reads its message.
    /// </summary>
    public static string Unescape(ReadOnlySpan<byte> octets, StompVersion version)
    {
        if (version == StompVersion.V10 || !octets.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(octets);
        }

        var plain = new byte[octets.Length];
        var length = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            plain[length++] = octets[i] != (byte)'\\' ? octets[i] : Undo(i + 1 < octets.Length ? octets[++i] : (byte)0, version);
        }

        return Encoding.UTF8.GetString(plain, 0, length);
    }

    private static byte Undo(byte letter, StompVersion version) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'c' => (byte)':',
        (byte)'\\' => (byte)'\\',
        (byte)'r' when version == StompVersion.V12 => (byte)'\r',
        _ => throw new StompProtocolException(
            StompProtocolError.UndefinedEscape,
            $"a header holds the escape sequence \\ followed by octet {letter}, which STOMP {version.Text()} does not know"),
    };
}
