using System.Text.Json;
using System.Text.Unicode;

namespace OpsAgent.Agent.Dispatch;

/// <summary>Reads a body as one JSON value under the limits of the security promises, so that nothing later throws on it.</summary>
internal static class JsonText
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The deepest nesting that is read.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Parses; on failure the reason is one line that names the rule, never the content.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> body, out JsonElement root, out string reason)
    {
        root = default;
        if (body.Length > MaxBytes)
        {
            reason = $"the body has more than {MaxBytes} bytes";
            return false;
        }

        if (!Utf8.IsValid(body.Span))
        {
            reason = "the body is not UTF-8";
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(body, Options);
            CheckEscapes(body.Span);
            root = document.RootElement.Clone();
            reason = "";
            return true;
        }
        catch (JsonException e)
        {
            reason = Reason(e);
            return false;
        }
        catch (InvalidOperationException)
        {
            // The runtime's way to say that a \u escape is half of a surrogate pair.
            reason = "the body is not JSON: a \\u escape is half of a character";
            return false;
        }
    }

    /// <summary>Escaped strings are only decoded when somebody asks for them; a lone surrogate would throw there.</summary>
    private static void CheckEscapes(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }

    private static string Reason(JsonException e)
    {
        var where = e.LineNumber is { } line ? $" at line {line + 1}, byte {(e.BytePositionInLine ?? 0) + 1}" : "";
        return e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            ? $"the body is nested deeper than {MaxDepth}{where}"
            : e.Message.Contains("uplicate", StringComparison.Ordinal)
                ? "the body has the same field twice"
                : $"the body is not JSON{where}";
    }
}
