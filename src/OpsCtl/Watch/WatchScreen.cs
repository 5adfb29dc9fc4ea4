using System.Text;
using System.Text.Json;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Watch;

/// <summary>One line a message: when, what, and its fields; raw, or as JSON.</summary>
internal sealed class WatchScreen(Screen screen, bool raw, TimeProvider time)
{
    /// <summary>What every message carries and a reader knows already.</summary>
    private static readonly string[] Quiet =
        ["msg_type", "sender", "namespace", "event_id", "settlement_id", "request_type", "outcome", "request_id", "reason"];

    public void Show(BusMessage message)
    {
        var now = time.GetUtcNow();
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("received_at", now);
                writer.WriteString("destination", message.Destination);
                writer.WritePropertyName("message");
                JsonText.WriteRawOr(writer, message.Body);
                writer.WriteEndObject();
            });
        }
        else if (raw || JsonText.TryObject(message.Body) is not { } body)
        {
            screen.Line(Encoding.UTF8.GetString(message.Body.Span));
        }
        else
        {
            screen.Line($"{now.UtcDateTime:HH:mm:ss.fff} {Line(body)}");
        }
    }

    private static string Line(JsonElement body)
    {
        var type = JsonText.Field(body, "msg_type") ?? "(no msg_type)";
        var head = type == "ops_request_settled"
            ? $"settled {JsonText.Field(body, "request_type")} {JsonText.Field(body, "outcome")}"
            : type;
        var rest = body.EnumerateObject()
            .Where(m => !Quiet.Contains(m.Name) && m.Value.ValueKind != JsonValueKind.Null)
            .Select(m => $" {m.Name}={m.Value}");
        var request = JsonText.Field(body, "request_id") is { } id ? $" request_id={id}" : "";
        var reason = JsonText.Field(body, "reason") is { Length: > 0 } why ? $": {why}" : "";
        return $"{head}{string.Concat(rest)}{request}{reason}";
    }
}
