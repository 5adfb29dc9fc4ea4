using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Events;

/// <summary>
/// Makes the messages that leave the agent. All are ASCII: the default encoder escapes whatever is not, as the facility's
/// clients expect (one of them counts characters where it should count bytes).
/// </summary>
internal sealed partial class EventComposer(IOptions<EventsOptions> options, ILogger<EventComposer> logger)
{
    /// <summary>The monitor's column for it is no longer.</summary>
    public const int MaxMsgType = 50;

    private readonly EventsOptions _options = options.Value;

    /// <summary>The settlement's message; null when settlements are turned off.</summary>
    public OutboxRow? Compose(Settlement settlement, long now)
    {
        var body = Body("ops_request_settled", settlement);
        body["settlement_id"] = NewId();
        body["duration_ms"] = settlement.DurationMs;
        AddIfGiven(body, "duplicate_of", settlement.DuplicateOf);
        if (settlement.Survivors is { } survivors)
        {
            body["survivors"] = survivors;
        }

        if (settlement.Suppressed > 0)
        {
            body["suppressed"] = settlement.Suppressed;
        }

        return ToSettledTopic(settlement.RequestId, body, now);
    }

    /// <summary>What became of a request in doubt, on the topic of settlements; null when these are turned off.</summary>
    /// <param name="resolved">Its outcome as it is known now.</param>
    /// <param name="how">How that was found out.</param>
    /// <param name="now">Milliseconds, unix UTC.</param>
    public OutboxRow? ComposeResolved(Settlement resolved, string how, long now)
    {
        var body = Body("ops_request_resolved", resolved);
        body["how"] = LogText.CleanReason(how);
        return ToSettledTopic(resolved.RequestId, body, now);
    }

    /// <summary>That a request waits for a credential, on the topic of settlements; null when these are turned off.</summary>
    /// <param name="work">The request.</param>
    /// <param name="reason">What it waits for, and what to do.</param>
    /// <param name="until">When it will be refused if that is still so.</param>
    /// <param name="now">Milliseconds, unix UTC.</param>
    public OutboxRow? ComposeHeld(StoredWork work, string reason, DateTimeOffset until, long now)
    {
        var body = new JsonObject
        {
            ["msg_type"] = "ops_request_held",
            ["sender"] = _options.Sender,
            ["namespace"] = _options.Namespace,
            ["event_id"] = NewId(),
            ["request_id"] = work.RequestId.Value,
            ["request_type"] = work.MsgType.Value,
            ["reason"] = LogText.CleanReason(reason),
            ["until"] = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        };
        AddIfGiven(body, "requested_by", work.RequestedBy);
        return ToSettledTopic(work.RequestId.Value, body, now);
    }

    /// <summary>The messages of a capability's own events. One that the monitor could not take is left out, and logged.</summary>
    public IReadOnlyList<OutboxRow> Compose(RequestId requestId, IReadOnlyList<CompletionEvent> events, long now)
    {
        var rows = new List<OutboxRow>(events.Count);
        foreach (var completion in events)
        {
            if (completion.MsgType.Value.Length is 0 or > MaxMsgType)
            {
                LogTypeTooLong(completion.MsgType.Value.Length, requestId);
                continue;
            }

            rows.Add(Compose(requestId, completion, now));
        }

        return rows;
    }

    private JsonObject Body(string msgType, Settlement settlement)
    {
        var body = new JsonObject
        {
            ["msg_type"] = msgType,
            ["sender"] = _options.Sender,
            ["namespace"] = _options.Namespace,
            ["event_id"] = NewId(),
            ["request_id"] = settlement.RequestId,
            ["request_type"] = settlement.RequestType,
            ["outcome"] = settlement.Outcome.ToWire(),
            ["reason"] = LogText.CleanReason(settlement.Reason),
        };
        AddIfGiven(body, "retry_of", settlement.RetryOf);
        AddIfGiven(body, "requested_by", settlement.RequestedBy);
        return body;
    }

    private OutboxRow? ToSettledTopic(string requestId, JsonObject body, long now) => _options.SettledTopic.Length == 0 ? null : new OutboxRow
    {
        EventId = body["event_id"]!.GetValue<string>(),
        RequestId = requestId,
        Destination = _options.SettledTopic,
        Body = JsonSerializer.SerializeToUtf8Bytes(body),
        Persistent = false,
        ExpiresAt = now + (long)_options.SettlementMaxAge.TotalMilliseconds,
        CreatedAt = now,
    };

    private OutboxRow Compose(RequestId requestId, CompletionEvent completion, long now)
    {
        var eventId = NewId();
        var body = completion.Fields.DeepClone().AsObject();
        body["msg_type"] = completion.MsgType.Value;
        body["sender"] = _options.Sender;
        body["namespace"] = _options.Namespace;
        body["event_id"] = eventId;
        body["request_id"] = requestId.Value;
        if (body.ContainsKey("agent_name") && body.ContainsKey("status"))
        {
            // The monitor takes a message that has both for an agent's heartbeat.
            body.Remove("agent_name");
            LogLooksLikeHeartbeat(completion.MsgType, requestId);
        }

        return new OutboxRow
        {
            EventId = eventId,
            RequestId = requestId.Value,
            Destination = _options.EventTopic,
            Body = JsonSerializer.SerializeToUtf8Bytes(body),
            Persistent = true,
            CreatedAt = now,
        };
    }

    private static void AddIfGiven(JsonObject body, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            body[name] = value;
        }
    }

    private static string NewId() => Guid.CreateVersion7().ToString("N");
}
