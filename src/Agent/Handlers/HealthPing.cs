using System.Text;
using System.Text.Json.Nodes;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Agent.Handlers;

/// <summary>Answers <c>health_ping</c> with <c>pong</c>: from memory alone, whatever else burns.</summary>
/// <param name="identity">Who answers.</param>
/// <param name="work">Counts, kept in memory.</param>
/// <param name="state">The agent's state word.</param>
/// <param name="replyTo">Which destinations may be answered to.</param>
/// <param name="pauses">What is paused, kept in memory.</param>
/// <param name="time">The clock.</param>
/// <param name="holds">What is held, kept in memory.</param>
internal sealed class HealthPing(
    AgentIdentity identity,
    IWorkView work,
    OperationalState state,
    ReplyDestinations replyTo,
    IPauses pauses,
    TimeProvider time,
    HoldTable? holds = null) : IControlHandler
{
    /// <summary>A pong that nobody took for so long tells of the past.</summary>
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(60);

    /// <summary>Free for all: nothing is asked of who sends it.</summary>
    public static readonly MsgType Type = new("health_ping");

    public MsgType MsgType => Type;

    public Verdict Handle(OpsMessage message)
    {
        if (message.Text("reply_to") is not { } destination)
        {
            return new Verdict.Refused("reply_to is missing or no text");
        }

        if (!replyTo.Allows(destination, out var reason))
        {
            return new Verdict.Refused(reason);
        }

        return new Verdict.Answered([new Reply(destination, Pong(), Expires)]);
    }

    private byte[] Pong()
    {
        var now = time.GetUtcNow();
        var counts = work.Counts;
        var pong = new JsonObject
        {
            ["msg_type"] = "pong",
            ["agent"] = identity.Name,
            ["pid"] = identity.Pid,
            ["state"] = state.Current(counts),
            ["queued"] = counts.Queued,
            ["running"] = counts.Running,
            ["oldest_s"] = counts.OldestQueuedAt is { } oldest ? Math.Max(0, (long)(now - oldest).TotalSeconds) : 0,
            ["uptime_s"] = (long)time.GetElapsedTime(identity.Started).TotalSeconds,
            ["version"] = identity.Version,
        };
        if (pauses.All is { Count: > 0 } paused)
        {
            pong["paused"] = new JsonArray([.. paused.Select(static p => (JsonNode)p.MsgType.Value)]);
        }

        if (holds?.All is { Count: > 0 } held)
        {
            pong["held"] = new JsonArray([.. held.Select(static h => (JsonNode)h.MsgType.Value)]);
        }

        return Encoding.UTF8.GetBytes(pong.ToJsonString());
    }
}
