using System.Text.Json.Nodes;

namespace OpsAgent.Tests.Facility.Monitor;

/// <summary>The monitor's table of agents: one row an instance name.</summary>
public sealed class AgentRegistry
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    private readonly Lock _gate = new();
    private readonly List<JsonObject> _rows = [];

    /// <summary>Copies of the rows, in the order of their first heartbeat.</summary>
    public IReadOnlyList<JsonObject> Rows
    {
        get
        {
            lock (_gate)
            {
                return [.. _rows.Select(static r => r.DeepClone().AsObject())];
            }
        }
    }

    /// <summary>The row of an agent; null if there is none.</summary>
    public JsonObject? Find(string instanceName) => Rows.FirstOrDefault(r => (string?)r["instance_name"] == instanceName);

    /// <summary>Puts a row in as it is, as a test wants to find it.</summary>
    public void Add(JsonObject row)
    {
        lock (_gate)
        {
            _rows.Add(Numbered(row));
        }
    }

    /// <summary>Takes a heartbeat in, and marks those that were silent for too long. True if the agent is new.</summary>
    internal bool Beat(JsonObject beat, DateTimeOffset now, out JsonObject row)
    {
        lock (_gate)
        {
            var found = _rows.Find(r => (string?)r["instance_name"] == (string?)beat["instance_name"]);
            var mine = found ?? new JsonObject();
            foreach (var (key, value) in beat)
            {
                mine[key] = value?.DeepClone();
            }

            mine["last_heartbeat"] = now.ToString("O");
            if (found is null)
            {
                _rows.Add(Numbered(mine));
            }

            foreach (var other in _rows.Where(r => now - DateTimeOffset.Parse((string)r["last_heartbeat"]!) > Silence))
            {
                other["status"] = other["operational_state"] = "EXITED";
            }

            row = mine.DeepClone().AsObject();
            return found is null;
        }
    }

    private JsonObject Numbered(JsonObject row)
    {
        row["id"] = _rows.Count + 1;
        return row;
    }
}
