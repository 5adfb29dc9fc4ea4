using System.Text.Json;
using OpsAgent.Stomp;

namespace OpsAgent.Tests.Chaos;

/// <summary>What was published. A message may come again, but only under its own id and with its own words.</summary>
internal sealed class SettlementBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(string EventId, string Outcome, string Reason)>> _settlements = [];
    private readonly Dictionary<string, List<(string EventId, string Type)>> _events = [];
    private readonly Dictionary<string, string> _bodies = [];
    private readonly List<string> _changed = [];
    private readonly List<JsonElement> _all = [];

    /// <summary>The different settlements, whole, in order.</summary>
    public IReadOnlyList<JsonElement> Bodies
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Messages that came again as they were.</summary>
    public int Repeated { get; private set; }

    /// <summary>Ids under which something else came later.</summary>
    public IReadOnlyList<string> Changed
    {
        get
        {
            lock (_gate)
            {
                return [.. _changed];
            }
        }
    }

    /// <summary>Different settlements so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _settlements.Values.Sum(s => s.Count);
            }
        }
    }

    /// <summary>The different settlements of a request, in order.</summary>
    public IReadOnlyList<(string EventId, string Outcome, string Reason)> Of(string request)
    {
        lock (_gate)
        {
            return [.. _settlements.GetValueOrDefault(request, [])];
        }
    }

    /// <summary>The different events of a request, in order.</summary>
    public IReadOnlyList<(string EventId, string Type)> EventsOf(string request)
    {
        lock (_gate)
        {
            return [.. _events.GetValueOrDefault(request, [])];
        }
    }

    public ValueTask Take(StompMessage message)
    {
        var body = JsonDocument.Parse(message.Body).RootElement;
        var (request, id, type) = (Text(body, "request_id"), Text(body, "event_id"), Text(body, "msg_type"));
        lock (_gate)
        {
            if (!_bodies.TryAdd(id, body.GetRawText()))
            {
                Repeated++;
                if (_bodies[id] != body.GetRawText())
                {
                    _changed.Add($"{_bodies[id]} and {body.GetRawText()}");
                }
            }
            else if (type == "ops_request_settled")
            {
                _all.Add(body);
                Add(_settlements, request, (id, Text(body, "outcome"), Text(body, "reason")));
            }
            else
            {
                Add(_events, request, (id, type));
            }
        }

        return ValueTask.CompletedTask;
    }

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    private static void Add<T>(Dictionary<string, List<T>> all, string request, T item)
    {
        if (!all.TryGetValue(request, out var list))
        {
            all[request] = list = [];
        }

        list.Add(item);
    }
}
