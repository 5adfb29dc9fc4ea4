using System.Text.Json.Nodes;

namespace OpsAgent.Abstractions;

/// <summary>An event for the pages and programs that wait for a request's end.</summary>
/// <param name="MsgType">At most 50 characters: a longer one does not fit the monitor's table.</param>
/// <param name="Fields">
/// The capability's own fields. The agent adds <c>msg_type</c>, <c>sender</c>, <c>namespace</c>, <c>event_id</c> and
/// <c>request_id</c>, over anything of those names here.
/// </param>
public sealed record CompletionEvent(MsgType MsgType, JsonObject Fields);
