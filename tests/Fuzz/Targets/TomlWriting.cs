using System.Globalization;
using System.Text;
using OpsAgent.Toml;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>Writes a table as one document of entries, tables within all inline.</summary>
internal static class TomlWriting
{
    public static string Of(TomlTable table)
    {
        var text = new StringBuilder();
        foreach (var (key, node) in table)
        {
            Entry(text, key, node);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Entry(StringBuilder text, string key, TomlNode node)
    {
        Text(text, key);
        text.Append(" = ");
        Value(text, node);
    }

    private static void Value(StringBuilder text, TomlNode node)
    {
        switch (node)
        {
            case TomlString word:
                Text(text, word.Value);
                break;
            case TomlArray array:
                text.Append('[');
                foreach (var item in array)
                {
                    Value(text, item);
                    text.Append(", ");
                }

                text.Append(']');
                break;
            case TomlTable table:
                text.Append('{');
                var more = "";
                foreach (var (key, item) in table)
                {
                    text.Append(more);
                    Entry(text, key, item);
                    more = ", ";
                }

                text.Append('}');
                break;
            default:
                text.Append(node);
                break;
        }
    }

    private static void Text(StringBuilder text, string word)
    {
        text.Append('"');
        foreach (var c in word)
        {
            if (c is < ' ' or '"' or '\\' or '\x7f')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                text.Append(c);
            }
        }

        text.Append('"');
    }
}
