using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Abstractions;

namespace OpsAgent.OpsCtl.Send;

/// <summary>Makes a request of what was typed: a JSON object to start with, then fields, then what every request carries.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 32, AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions Ascii = new() { Encoder = JavaScriptEncoder.Default };

    /// <param name="type">Its msg_type.</param>
    /// <param name="document">JSON text of an object whose members come first; null: none.</param>
    /// <param name="fields"><c>key=text</c> or <c>key:=json</c>; each replaces a member of the same name.</param>
    /// <exception cref="OpsCtlException">Something can't be read (exit 64).</exception>
    public static JsonObject Make(string type, string? document, IReadOnlyList<string> fields)
    {
        var body = document is null ? [] : Parse(document, "--json") as JsonObject ?? throw Usage("--json holds no JSON object");
        foreach (var field in fields)
        {
            var (name, value) = Field(field);
            body[name] = value;
        }

        if (body["msg_type"] is { } other && other.ToString() != type)
        {
            throw Usage($"msg_type is both {type} and {other}");
        }

        body["msg_type"] = type;
        return body;
    }

    /// <summary>Adds what the message lacks of namespace, created_by and request_id; says what the id is.</summary>
    public static RequestId Complete(JsonObject body, string nameSpace, string user, string? requestId)
    {
        var given = requestId ?? body["request_id"]?.ToString();
        if (given is not null && !RequestId.TryParse(given, out _))
        {
            throw Usage($"'{given}' is no request id: at most {RequestId.MaxLength} of A-Z a-z 0-9 . _ : -, not . or ..");
        }

        var id = given is null ? RequestId.New() : new RequestId(given);
        body["namespace"] ??= nameSpace;
        body["created_by"] ??= user;
        body["request_id"] = id.Value;
        return id;
    }

    /// <summary>As the facility's programs write it: ASCII only.</summary>
    public static byte[] ToUtf8(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes<JsonNode>(body, Ascii);

    private static (string Name, JsonNode? Value) Field(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw Usage($"'{text}' is no field: write key=text or key:=json");
        }

        return text[equals - 1] != ':'
            ? (text[..equals], JsonValue.Create(text[(equals + 1)..]))
            : equals > 1
                ? (text[..(equals - 1)], Parse(text[(equals + 1)..], text[..(equals - 1)]))
                : throw Usage($"'{text}' names no field: write key:=json");
    }

    private static JsonNode? Parse(string text, string where)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Bounded);
        }
        catch (JsonException e)
        {
            throw new OpsCtlException(
                ExitCode.Usage,
                $"{where} is no JSON{Place(e)}: {Problem(e.Message)}",
                text.Length > 0 && text[0] is not ('{' or '[' or '"') && where != "--json"
                    ? $"for plain text write {where}=text, with = alone"
                    : "see the examples of opsctl send --help",
                e);
        }
        catch (InvalidOperationException e)
        {
            // The runtime's way to say that a name is half of a surrogate pair.
            throw new OpsCtlException(
                ExitCode.Usage, $"{where} is no JSON: a \\u escape is half of a character", "see the examples of opsctl send --help", e);
        }
    }

    /// <summary>Lines and columns are counted from 1, as editors do; the reader counts bytes from 0.</summary>
    private static string Place(JsonException e) =>
        e is { LineNumber: { } line, BytePositionInLine: { } column } ? $" at line {line + 1}, column {column + 1}" : "";

    /// <summary>Without the reader's own words for the place.</summary>
    private static string Problem(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private static OpsCtlException Usage(string message) => new(ExitCode.Usage, message, "see the examples of opsctl send --help");
}
