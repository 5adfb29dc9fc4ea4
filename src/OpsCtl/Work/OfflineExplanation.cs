using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Work;

/// <summary>Why a request is where it is while no agent runs: what has not ended waits for the next start.</summary>
internal static class OfflineExplanation
{
    public static WorkWhy Of(WorkItem item) =>
        new(item.RequestId, item.MsgType, item.State, Cause(item), [.. Evidence(item)]);

    private static string Cause(WorkItem item) => item.State switch
    {
        "queued" => "queued: no agent runs; it starts when one does, unless it is too old by then",
        "starting" or "running" => "was running when the agent ended; the next start recovers it by its capability's policy",
        "doubt" => $"in doubt: {Or(item.Reason)}; the next agent goes on finding out",
        "settled" => item.Outcome switch
        {
            "ok" => "done",
            "skipped" when item.DuplicateOf is not null => $"skipped as a duplicate of {item.DuplicateOf}, whose events serve both",
            "rejected" => $"rejected because {Or(item.Reason)}",
            "cancelled" => Or(item.Reason),
            _ => $"settled as {item.Outcome}: {Or(item.Reason)}",
        },
        _ => $"its state '{item.State}' is not known to this version",
    };

    private static IEnumerable<string> Evidence(WorkItem item)
    {
        yield return $"received {Ages.At(item.ReceivedAt)}{(item.RequestedBy is { } by ? $", asked for by {by}" : "")}";
        if (item.DedupKey is { } key)
        {
            yield return $"key {key}";
        }

        if (item.StartedAt is { } started)
        {
            yield return $"started {Ages.At(started)}, attempt {item.Attempts}";
        }

        if (item.ExitCode is { } code)
        {
            yield return $"exit code {code}";
        }

        if (item.SettledAt is { } settled)
        {
            yield return $"settled {Ages.At(settled)} as {item.Outcome}";
        }
    }

    private static string Or(string reason) => reason.Length > 0 ? reason : "no reason is recorded";
}
