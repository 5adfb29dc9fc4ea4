using System.Globalization;
using System.Text.Json;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>An agent as the monitor's registry has it. Any holder of a token can write such a row: it is a hint and no proof.</summary>
internal sealed record RegistryRow(string Name, string Type, string State, DateTimeOffset Heartbeat, int Pid, string Host, string Namespace)
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Reads a list of rows, bare or in <c>results</c>; rows that make no sense are left out.</summary>
    /// <exception cref="JsonException">It is no such list.</exception>
    public static IReadOnlyList<RegistryRow> ReadAll(JsonElement root)
    {
        var list = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("results", out var results) ? results : root;
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(TryRead).OfType<RegistryRow>()]
            : throw new JsonException("it is no list of agents");
    }

    private static RegistryRow? TryRead(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object
            || !row.TryGetProperty("pid", out var pid)
            || !int.TryParse(pid.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !DateTimeOffset.TryParse(Text(row, "last_heartbeat"), CultureInfo.InvariantCulture, Utc, out var heartbeat))
        {
            return null;
        }

        var exited = Text(row, "status") == "EXITED" || Text(row, "operational_state") == "EXITED";
        return new RegistryRow(
            Text(row, "instance_name"), Text(row, "agent_type"), exited ? "EXITED" : Text(row, "operational_state"), heartbeat, number,
            Text(row, "hostname"), Text(row, "namespace"));
    }

    private static string Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
