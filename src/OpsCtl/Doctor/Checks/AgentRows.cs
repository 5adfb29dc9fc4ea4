using System.Globalization;
using System.Text.Json;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>The rows of the monitor's registry of agents.</summary>
internal static class AgentRows
{
    private const string AgentType = "PRODOPS";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(120); // what the watchdog counts as fresh

    /// <summary>The rows of a plain list, or of the member <c>results</c>; null if it is neither.</summary>
    public static IReadOnlyList<JsonElement>? Of(JsonElement? answer) => answer switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        { ValueKind: JsonValueKind.Object } page when page.TryGetProperty("results", out var rows)
            && rows.ValueKind == JsonValueKind.Array => [.. rows.EnumerateArray()],
        _ => null,
    };

    /// <summary>Says whether an agent of ours has reported lately.</summary>
    public static void Tell(IEnumerable<JsonElement> rows, string nameSpace, DateTimeOffset now, Findings findings)
    {
        var newest = rows
            .Where(r => r.ValueKind == JsonValueKind.Object && Text(r, "agent_type") == AgentType && Text(r, "namespace") == nameSpace)
            .OrderByDescending(Beat).FirstOrDefault();
        if (newest.ValueKind != JsonValueKind.Object || now - Beat(newest) > Fresh || Text(newest, "operational_state") == "EXITED")
        {
            findings.Warn(
                "agent",
                $"no {AgentType} agent of namespace {nameSpace} has reported within {Fresh.TotalSeconds:0} s",
                "is it meant to run? systemctl status epicprod-ops-agent");
            return;
        }

        var status = Text(newest, "status");
        var line = $"{Text(newest, "instance_name")} reported {Text(newest, "operational_state")}, {status}, "
            + $"{Ages.Of(now - Beat(newest))} ago (pid {Text(newest, "pid")} on {Text(newest, "hostname")})";
        if (status == "OK")
        {
            findings.Ok("agent", line);
        }
        else
        {
            findings.Warn("agent", line, "ask it what it lacks: opsctl status");
        }
    }

    private static string Text(JsonElement row, string name) => JsonText.Field(row, name) ?? "";

    private static DateTimeOffset Beat(JsonElement row) => DateTimeOffset.TryParse(
        Text(row, "last_heartbeat"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : DateTimeOffset.MinValue;
}
