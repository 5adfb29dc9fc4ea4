using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Send;

/// <summary>Shows what was sent and how it was settled.</summary>
internal sealed class SendScreen(Screen screen, string type, RequestId id, string queue)
{
    private bool _lost;

    /// <summary>Without --wait: the end of it.</summary>
    public void Sent()
    {
        if (screen.Json)
        {
            Document(null);
        }
        else
        {
            screen.Line($"sent {type} to {queue} as {id}");
        }
    }

    public void Waiting()
    {
        if (!screen.Json)
        {
            screen.Note($"sent {type} to {queue} as {id}; waiting for its settlement");
        }
    }

    public void Held(JsonElement held) =>
        screen.Note($"held: {JsonText.Field(held, "reason")}{(JsonText.Field(held, "until") is { } until ? $", until {until}" : "")}");

    /// <summary>The topic keeps nothing: what is settled while there is no connection is not heard.</summary>
    public void Connection(BusChange change)
    {
        if (change.Connected)
        {
            screen.Note($"{change.Text} again; if it was settled meanwhile, only opsctl work why {id} tells so");
        }
        else if (!_lost)
        {
            screen.Note($"{change.Text}; trying again");
        }

        _lost = !change.Connected;
    }

    /// <summary>The settlement; the exit code is that of its outcome.</summary>
    public int Settled(JsonElement settlement)
    {
        var outcome = JsonText.Field(settlement, "outcome") ?? "?";
        var good = outcome is "ok" or "skipped";
        if (screen.Json)
        {
            Document(settlement);
        }
        else
        {
            screen.Line($"{type} {id} ", new Piece(outcome, Tones.OfOutcome(outcome)), Rest(settlement));
        }

        return good ? ExitCode.Ok : ExitCode.Negative;
    }

    private static string Rest(JsonElement settlement)
    {
        var took = JsonText.Field(settlement, "duration_ms") is { } text && double.TryParse(text, out var ms)
            ? $" after {Ages.Of(TimeSpan.FromMilliseconds(ms))}"
            : "";
        var reason = JsonText.Field(settlement, "reason") is { Length: > 0 } why ? $": {why}" : "";
        var first = JsonText.Field(settlement, "duplicate_of") is { Length: > 0 } other
            ? $" (a duplicate of {other}, whose events serve both)"
            : "";
        return $"{took}{reason}{first}";
    }

    private void Document(JsonElement? settlement) => screen.Document(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("request_id", id.Value);
        writer.WriteString("msg_type", type);
        writer.WriteString("queue", queue);
        writer.WritePropertyName("settlement");
        if (settlement is { } body)
        {
            body.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
    });
}
