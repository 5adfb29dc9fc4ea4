using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>Reads strings and integers alike: one sender gives an id as text, another as a number.</summary>
internal static class ScalarText
{
    /// <summary>A string's text or an integer's digits. A number with a fraction or an exponent is neither.</summary>
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (element.ValueKind == JsonValueKind.Number)
        {
            var digits = element.GetRawText();
            text = digits.AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9') ? null : digits;
        }
        else if (element.ValueKind == JsonValueKind.String)
        {
            try
            {
                text = element.GetString();
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair or bytes that are no UTF-8: legal to the JSON reader, but no text.
            }
        }

        return text is not null;
    }

    /// <summary>True if the text holds a control character or a line break of any kind.</summary>
    public static bool HasControls(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
            {
                return true;
            }
        }

        return false;
    }
}
