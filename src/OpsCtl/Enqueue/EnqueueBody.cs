using System.Text.Json.Nodes;
using OpsAgent.Abstractions;

namespace OpsAgent.OpsCtl.Enqueue;

/// <summary>
/// Makes the message that the facility's present script makes, and a request id, so that a message that was sent twice is done
/// once.
/// </summary>
internal static class EnqueueBody
{
    /// <exception cref="OpsCtlException">An extra has no <c>=</c>, no key or no value (exit 1).</exception>
    public static JsonObject Make(string type, string nameSpace, string createdBy, IReadOnlyList<string> extras)
    {
        var body = new JsonObject { ["msg_type"] = type, ["namespace"] = nameSpace, ["created_by"] = createdBy };
        foreach (var extra in extras)
        {
            var at = extra.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at + 1 == extra.Length)
            {
                var lacks = at < 0 ? "=" : at < 1 ? "key" : "value";
                throw new OpsCtlException(ExitCode.Negative, $"--extra {extra}: it has no {lacks}", "write it as --extra key=value");
            }

            body[extra[..at]] = Value(extra[(at + 1)..]);
        }

        body["request_id"] ??= RequestId.New().Value;
        return body;
    }

    /// <summary>A text of digits is a number, as many as they are.</summary>
    private static JsonNode? Value(string text) =>
        text.AsSpan().ContainsAnyExceptInRange('0', '9') ? JsonValue.Create(text)
        : JsonNode.Parse(text.TrimStart('0') is { Length: > 0 } digits ? digits : "0");
}
