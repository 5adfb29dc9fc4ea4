using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Control;

/// <summary>A paused type: who paused it, since when, and why; of one that is not, only the type.</summary>
internal sealed record PausedAnswer(string MsgType, string? By = null, DateTimeOffset? Since = null, string? Reason = null)
{
    public static PausedAnswer Of(PausedType paused) => new(paused.MsgType.Value, paused.By, paused.Since, paused.Reason);
}

/// <summary>POST /v1/capabilities/{type}/pause and resume: what came of it, and the pause that is or was.</summary>
internal sealed record PauseAnswer(string Answer, PausedAnswer Pause);
