using System.Collections.Concurrent;
using System.Text.Json;
using OpsAgent.Stomp;

namespace OpsAgent.Tests.Chaos;

/// <summary>The first settlement of each request; a kill between publishing and noting it may publish it again.</summary>
internal sealed class SettlementBook
{
    private readonly ConcurrentDictionary<string, string> _outcomes = new();

    public int Requests => _outcomes.Count;

    public int Count(string outcome) => _outcomes.Values.Count(o => o == outcome);

    public string Outcome(string requestId) => _outcomes[requestId];

    public ValueTask Take(StompMessage message)
    {
        var body = JsonDocument.Parse(message.Body).RootElement;
        var (id, outcome) = (body.GetProperty("request_id").GetString()!, body.GetProperty("outcome").GetString()!);
        if (_outcomes.GetOrAdd(id, outcome) != outcome)
        {
            _outcomes[id] = $"settled as {_outcomes[id]} and as {outcome}";
        }

        return ValueTask.CompletedTask;
    }
}
