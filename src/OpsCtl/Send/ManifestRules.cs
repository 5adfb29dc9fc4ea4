using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Reading;

namespace OpsAgent.OpsCtl.Send;

/// <summary>
/// Looks at a request with the manifest's own rules before it is sent, so that a slip is told here and not minutes later on a topic.
/// </summary>
internal static class ManifestRules
{
    /// <summary>Any two names of a letter or two are alike.</summary>
    private const int LeastHint = 3;

    /// <summary>The agent itself answers these; no manifest names them.</summary>
    private static readonly string[] Control = ["health_ping", "shutdown"];

    /// <summary>What any request may carry.</summary>
    private static readonly string[] Envelope = ["msg_type", "namespace", "created_by", "request_id", "sender", "sent_at", "reply_to"];

    /// <param name="manifest">Of the configuration that was found.</param>
    /// <param name="body">The request, complete.</param>
    /// <returns>What is probably a slip, though the agent takes it; one line each.</returns>
    /// <exception cref="OpsCtlException">The agent would refuse it (exit 64).</exception>
    public static IReadOnlyList<string> Check(Capabilities.Manifest manifest, JsonObject body)
    {
        var type = (string)body["msg_type"]!;
        if (Control.Contains(type))
        {
            return [];
        }

        if (!manifest.TryFind(new MsgType(type), out var capability))
        {
            string[] names = [.. manifest.Capabilities.Select(static c => c.MsgType.Value)];
            throw new OpsCtlException(
                ExitCode.Usage,
                $"the configuration has no capability '{type}'{Spelling.Hint(type, [.. names, .. Control])}",
                $"it has: {string.Join(", ", names)}; to send it all the same add --no-check, or name the agent's configuration with --config");
        }

        string[] fields = [.. capability.Summary.Fields.Select(static f => f.Name)];
        var slips = body.Select(static m => m.Key)
            .Where(name => !fields.Contains(name) && !Envelope.Contains(name))
            .Where(static name => name.Length >= LeastHint)
            .Select(name => (Name: name, Meant: Spelling.Nearest(name, fields)))
            .Where(static s => s.Meant is not null)
            .Select(s => $"{type} has no field '{s.Name}'; did you mean '{s.Meant}'?")
            .ToList();
        using var document = JsonDocument.Parse(body.ToJsonString());
        var reading = capability.ReadFields(document.RootElement);
        return reading.Errors.Count == 0
            ? slips
            : throw new OpsCtlException(
                ExitCode.Usage,
                $"{type} would be rejected: {string.Join("; ", [reading.Reason, .. slips])}",
                $"its fields: opsctl capabilities show {type}; to send it as it is add --no-check");
    }
}
