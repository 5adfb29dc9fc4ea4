using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;

namespace OpsAgent.Agent.Monitor;

/// <summary>Makes action records as the facility's alarms and tools read them. Composes nothing when no record is to be sent.</summary>
internal sealed class RecordComposer(MonitorOptions options, RecordGauge gauge, TimeProvider time)
{
    /// <summary>Where records and log lines go, below the base URL.</summary>
    public const string Path = "/api/logs/";

    private const string AppName = "epicprod";
    private const string InstanceName = "ops-agent";
    private const string Module = "epicprod_ops_agent";
    private const string High = "high";

    private readonly RejectionAllowance _rejections = new(time);

    /// <summary>
    /// The record of a settlement; null if it has none, or if the same rejection was told within the minute. Whoever can't store it
    /// says so to <see cref="NotStored"/>.
    /// </summary>
    /// <param name="message">The request.</param>
    /// <param name="conclusion">What its end means.</param>
    /// <param name="duration">How long its doer ran; null if none did.</param>
    public RestRow? Compose(OpsMessage message, Conclusion conclusion, TimeSpan? duration)
    {
        if (!options.SendsStreams || conclusion.Record is not { } record)
        {
            return null;
        }

        var reason = LogText.CleanReason(record.Reason ?? conclusion.Reason);
        var take = conclusion.Outcome == Outcome.Rejected ? _rejections.TryTake(message.MsgType.Value, reason) : null;
        if (conclusion.Outcome == Outcome.Rejected && take is null)
        {
            gauge.CountWithheld();
            return null;
        }

        var named = record with { Username = record.Username ?? message.RequestedBy };
        return Row(named, conclusion.Outcome.ToWire(), LevelOf(conclusion.Outcome), reason, duration, message.RequestId.Value) with { Take = take };
    }

    /// <summary>The record of a request that waits for a credential; null if it has none.</summary>
    public RestRow? ComposeHeld(OpsMessage message, ActionRecord? record, string reason) =>
        !options.SendsStreams || record is null ? null
        : Row(record with { Username = record.Username ?? message.RequestedBy }, "held", LogLevel.Warning, LogText.CleanReason(reason), null,
            message.RequestId.Value);

    /// <summary>Nothing was committed: the rejection that the record was to tell of is not told, and its next delivery may be.</summary>
    public void NotStored(RestRow? record)
    {
        if (record?.Take is { } take)
        {
            _rejections.GiveBack(take);
        }
    }

    /// <summary>The record of a stop that was asked for over the bus; null when no record is to be sent.</summary>
    public RestRow? ComposeShutdown(string? sender)
    {
        var record = new ActionRecord { Action = "agent_shutdown", Username = sender, Sublevel = High, LiveDefault = true };
        return options.SendsStreams ? Row(record, Outcome.Ok.ToWire(), LogLevel.Warning, "", null, null) : null;
    }

    private static LogLevel LevelOf(Outcome outcome) => outcome switch
    {
        Outcome.Ok or Outcome.Skipped => LogLevel.Information,
        Outcome.Rejected or Outcome.Cancelled or Outcome.Unverified => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private static string MessageOf(ActionRecord record, string outcome, string reason)
    {
        var subject = string.Join(':', Given(record.SubjectType, record.SubjectKey));
        var message = string.Join(' ', Given(record.Action, subject, outcome));
        return reason.Length > 0 ? $"{message} — {reason}" : message;
    }

    private static IEnumerable<string> Given(params IEnumerable<string?> parts) =>
        parts.Where(static p => !string.IsNullOrEmpty(p)).Select(static p => LogText.Clean(p!));

    private static JsonObject Extra(ActionRecord record, string outcome, string reason, TimeSpan? duration)
    {
        var extra = new JsonObject
        {
            ["action"] = record.Action,
            ["outcome"] = outcome,
            ["sublevel"] = record.Sublevel,
            ["live_default"] = record.LiveDefault,
        };
        AddIfGiven(extra, "subject_type", record.SubjectType);
        AddIfGiven(extra, "subject_key", record.SubjectKey);
        AddIfGiven(extra, "username", record.Username);
        if (duration is { } ran)
        {
            extra["duration_ms"] = (long)ran.TotalMilliseconds;
        }

        AddIfGiven(extra, "reason", reason);
        foreach (var (key, value) in record.Extra)
        {
            // One that says nothing is left out: whoever looks for jedi_task_id asks whether it is there.
            if (value is not null && !extra.ContainsKey(key))
            {
                if (value is JsonValue text && text.TryGetValue<string>(out var s))
                {
                    AddIfGiven(extra, key, s);
                }
                else
                {
                    extra[key] = value.DeepClone();
                }
            }
        }

        return extra;
    }

    /// <summary>Cleaned: a NUL in a field would make the monitor's database refuse the row.</summary>
    private static void AddIfGiven(JsonObject extra, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            extra[name] = LogText.Clean(value);
        }
    }

    private RestRow Row(ActionRecord record, string outcome, LogLevel level, string reason, TimeSpan? duration, string? requestId)
    {
        var now = time.GetUtcNow();
        var (number, name) = LogLevels.Of(level);
        var body = new JsonObject
        {
            ["app_name"] = AppName,
            ["instance_name"] = InstanceName,
            ["timestamp"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz"),
            ["level"] = number,
            ["levelname"] = name,
            ["message"] = MessageOf(record, outcome, reason),
            ["module"] = Module,
            ["funcname"] = record.Action,
            ["lineno"] = 0,
            ["process"] = Environment.ProcessId,
            ["thread"] = Environment.CurrentManagedThreadId,
            ["extra_data"] = Extra(record, outcome, reason, duration),
        };
        return new RestRow
        {
            RequestId = requestId,
            Url = Path,
            Body = JsonSerializer.SerializeToUtf8Bytes(body),
            Keep = record.Sublevel == High,
            CreatedAt = now.ToUnixTimeMilliseconds(),
        };
    }
}
