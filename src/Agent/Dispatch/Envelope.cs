using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>Reads the fields that all requests share.</summary>
/// <param name="ownNamespace">Ours; a message that names another is not for us, one that names none is.</param>
internal sealed class Envelope(string ownNamespace)
{
    /// <summary>The longest type that fits the facility's tables, in characters.</summary>
    public const int MaxMsgTypeLength = 50;

    private static readonly string[] RequesterFields = ["requested_by", "created_by", "owner", "sender"];

    public EnvelopeReading Read(Delivery delivery)
    {
        if (delivery.TooLarge)
        {
            return Refuse(delivery, default, $"the body has more than {JsonText.MaxBytes} bytes");
        }

        if (!JsonText.TryParse(delivery.Body, out var body, out var reason))
        {
            return Refuse(delivery, default, reason);
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            return Refuse(delivery, default, $"the body is no JSON object but {body.ValueKind}");
        }

        if (IsForeign(body))
        {
            return EnvelopeReading.Foreign.Instance;
        }

        if (!body.TryGetProperty("msg_type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() is not { Length: > 0 } name)
        {
            return Refuse(delivery, body, "msg_type is missing or no text");
        }

        if (name.Length > MaxMsgTypeLength)
        {
            return Refuse(delivery, body, $"msg_type has more than {MaxMsgTypeLength} characters");
        }

        if (!ReadRequestId(body, out var id, out var callers))
        {
            return Refuse(delivery, body, $"request_id is not 1 to {RequestId.MaxLength} of A-Z a-z 0-9 . _ : -, not . or ..");
        }

        return new EnvelopeReading.Request(new OpsMessage
        {
            MsgType = new MsgType(name),
            RequestId = id,
            HasCallersRequestId = callers,
            DeliveryId = delivery.Id,
            Body = body,
            SentAt = delivery.SentAt,
            ReceivedAt = delivery.ReceivedAt,
            RequestedBy = Requester(body),
            BrokerUser = delivery.BrokerUser is { Length: > 0 } login ? PlainText.OneLine(login, 100) : null,
        });
    }

    /// <summary>The facility's rule: only a namespace that is given, not empty, and not ours is foreign.</summary>
    private bool IsForeign(JsonElement body) =>
        body.TryGetProperty("namespace", out var value) && value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } given && given != ownNamespace,
            JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined => false,
            JsonValueKind.Number => !value.TryGetDouble(out var number) || number != 0,
            JsonValueKind.Array => value.GetArrayLength() > 0,
            JsonValueKind.Object => value.GetPropertyCount() > 0,
            _ => true,
        };

    /// <summary>Present senders turn a text of digits into a number, and send an empty text for none.</summary>
    private static bool ReadRequestId(JsonElement body, out RequestId id, out bool callers)
    {
        var text = body.TryGetProperty("request_id", out var value) ? TextOf(value) : "";
        callers = RequestId.TryParse(text, out id);
        if (callers)
        {
            return true;
        }

        id = RequestId.New();
        return text is { Length: 0 };
    }

    private static string? Requester(JsonElement body)
    {
        foreach (var field in RequesterFields)
        {
            if (body.TryGetProperty(field, out var value) && TextOf(value) is { Length: > 0 } text)
            {
                return PlainText.OneLine(text, 100);
            }
        }

        return null;
    }

    /// <summary>A text, or a whole number as its digits; empty for what counts as missing; null for what is neither.</summary>
    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.GetRawText() is var digits && digits.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 =>
            digits == "0" ? "" : digits,
        JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined => "",
        _ => null,
    };

    private static EnvelopeReading.Malformed Refuse(Delivery delivery, JsonElement body, string reason)
    {
        var isObject = body.ValueKind == JsonValueKind.Object;
        var id = RequestId.New();
        var callers = isObject && ReadRequestId(body, out id, out var own) && own;
        var type = isObject && body.TryGetProperty("msg_type", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return new EnvelopeReading.Malformed(new Refusal
        {
            DeliveryId = delivery.Id,
            RequestId = id,
            HasCallersRequestId = callers,
            RequestType = PlainText.OneLine(type, MaxMsgTypeLength),
            RequestedBy = isObject ? Requester(body) : null,
            Reason = reason,
        });
    }
}
