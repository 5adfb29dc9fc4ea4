using System.Text.Json;
using System.Text.Unicode;

namespace OpsAgent.Doers.Facility;

/// <summary>
/// Looks at the strings of foreign JSON before anybody asks for one. The runtime's reader takes strings that hold half of a
/// surrogate pair, or octets that are no UTF-8, and throws only when such a one is read or compared.
/// </summary>
public static class JsonStrings
{
    private const int Depth = 64;

    /// <summary>False if some name or string in it is no text.</summary>
    /// <exception cref="JsonException">It is no JSON, or nested deeper than 64.</exception>
    public static bool AreText(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Depth });
        var escapes = json.Contains((byte)'\\');
        try
        {
            // Without an escape there is nothing to find, and some answers are long.
            while (escapes && reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
