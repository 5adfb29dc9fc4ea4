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

    private bool _lost;

    /// <summary>Topics keep nothing: what is published while there is no connection is never seen here.</summary>
    public void Connection(BusChange change)
    {
        if (change.Connected != _lost)
        {
            return;
        }

        _lost = !change.Connected;
        screen.Note(_lost ? $"{change.Text}; what comes until it is back is not shown" : $"{change.Text} again");
    }

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
            screen.Line([new Piece($"{now.UtcDateTime:HH:mm:ss.fff} ", Tone.Faint), .. Line(body)]);
        }
    }

    private static Piece[] Line(JsonElement body)
    {
        var type = JsonText.Field(body, "msg_type") ?? "(no msg_type)";
        var outcome = JsonText.Field(body, "outcome");
        var rest = string.Concat(body.EnumerateObject()
            .Where(m => !Quiet.Contains(m.Name) && m.Value.ValueKind != JsonValueKind.Null)
            .Select(m => $" {m.Name}={m.Value}"));
        var request = JsonText.Field(body, "request_id") is { } id ? $" request_id={id}" : "";
        var reason = JsonText.Field(body, "reason") is { Length: > 0 } why ? $": {why}" : "";
        return type == "ops_request_settled"
            ? [$"settled {JsonText.Field(body, "request_type")} ", new Piece(outcome ?? "", Tones.OfOutcome(outcome)), $"{rest}{request}{reason}"]
            : [new Piece(type, type == "ops_request_held" ? Tone.Warning : Tone.Plain), $"{rest}{request}{reason}"];
    }
}
