using System.Text;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

/// <summary>An outbox in memory.</summary>
internal sealed class FakeRestStore(RecordGauge gauge) : IRestStore
{
    private readonly Lock _gate = new();
    private readonly List<RestRow> _rows = [];
    private long _lastId;

    public void Add(string name, long? deadline = null) => PostCall(new RestRow
    {
        Url = "/api/logs/",
        Body = Encoding.UTF8.GetBytes($$"""{"name":"{{name}}"}"""),
        CreatedAt = 1,
        Deadline = deadline,
    });

    public IReadOnlyList<RestRow> ReadCalls(int limit)
    {
        lock (_gate)
        {
            return [.. _rows.Take(limit)];
        }
    }

    public bool PostCall(RestRow row)
    {
        lock (_gate)
        {
            _rows.Add(row with { Id = ++_lastId });
            gauge.Committed(_rows.Count, 1, 0, 0, added: true);
            return true;
        }
    }

    public Task DeleteCallAsync(long id)
    {
        lock (_gate)
        {
            _rows.RemoveAll(r => r.Id == id);
            gauge.Committed(_rows.Count, 1, 0, 0, added: false);
            return Task.CompletedTask;
        }
    }
}
