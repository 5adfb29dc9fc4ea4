using System.Buffers;
using System.Text;
using System.Text.Json;
using OpsAgent.Doers.Facility;

namespace OpsAgent.OpsCtl.Output;

/// <summary>Reads what came by the bus, which may be anything, and writes what programs read.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 32 };

    /// <summary>One document on one line, ASCII only.</summary>
    public static string Make(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>An object with one member.</summary>
    public static string Make(string name, string value) => Make(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString(name, value);
        writer.WriteEndObject();
    });

    /// <summary>The object; null if it is no JSON, or no object.</summary>
    public static JsonElement? TryObject(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Bounded);
            return document.RootElement.ValueKind == JsonValueKind.Object && JsonStrings.AreText(body.Span) ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            // Not JSON: the caller shows it as text.
            return null;
        }
    }

    /// <summary>A member as text: a string's own, else its JSON; null if it is absent or null.</summary>
    public static string? Field(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    /// <summary>The body as JSON when it is an object, else as a string.</summary>
    public static void WriteRawOr(Utf8JsonWriter writer, ReadOnlyMemory<byte> body)
    {
        if (TryObject(body) is { } message)
        {
            message.WriteTo(writer);
        }
        else
        {
            writer.WriteStringValue(Encoding.UTF8.GetString(body.Span));
        }
    }
}
