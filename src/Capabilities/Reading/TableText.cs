using System.Text;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>What a table says, whatever its order, notation and comments: two that say the same have the same text.</summary>
internal static class TableText
{
    public static string Of(TomlNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, TomlNode node)
    {
        switch (node)
        {
            case TomlTable table:
                text.Append('{');
                foreach (var (key, value) in table.OrderBy(static e => e.Key, StringComparer.Ordinal))
                {
                    text.Append(key.Length).Append(':').Append(key);
                    Append(text, value);
                }

                text.Append('}');
                break;
            case TomlArray array:
                text.Append('[');
                foreach (var item in array)
                {
                    Append(text, item);
                }

                text.Append(']');
                break;
            default:
                // With its length, so that no text can pass for the end of itself.
                var scalar = node.ToString();
                text.Append(node.Kind).Append(scalar.Length).Append(':').Append(scalar);
                break;
        }
    }
}
