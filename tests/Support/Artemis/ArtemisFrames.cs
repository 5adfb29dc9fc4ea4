using System.Text;

namespace OpsAgent.Tests.Support.Artemis;

/// <summary>Frames as bytes, headers escaped as the version wants it.</summary>
internal static class ArtemisFrames
{
    public static byte[] Make(string version, string command, IEnumerable<(string Name, string Value)> headers, ReadOnlySpan<byte> body = default)
    {
        var head = new StringBuilder(command).Append('\n');
        foreach (var (name, value) in headers)
        {
            // CONNECTED is never escaped.
            var plain = command == "CONNECTED" || version == "1.0";
            head.Append(plain ? name : Escape(name, version)).Append(':').Append(plain ? value : Escape(value, version)).Append('\n');
        }

        return [.. Encoding.UTF8.GetBytes(head.Append('\n').ToString()), .. body, 0];
    }

    public static string Unescape(string text, string version)
    {
        if (version == "1.0" || !text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] != '\\' ? text[i] : (i + 1 < text.Length ? text[++i] : '\0') switch
            {
                'n' => '\n',
                'c' => ':',
                '\\' => '\\',
                'r' when version == "1.2" => '\r',
                _ => throw new ArtemisException("AMQ339023: Undefined escape sequence", ends: true),
            });
        }

        return plain.ToString();
    }

    private static string Escape(string text, string version)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace(":", "\\c", StringComparison.Ordinal);
        return version == "1.2" ? escaped.Replace("\r", "\\r", StringComparison.Ordinal) : escaped;
    }
}
