using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Control;

/// <summary>What operators change of work: cancel, settle, retry. Who asks is the kernel's word, and is written down beside the change.</summary>
internal sealed partial class DoorDecisions(IWorkView work, IWorkDecisions decisions, ILogger<ControlDoor> logger)
{
    private const int LongestText = 4096;
    private static readonly Outcome[] Found = [Outcome.Ok, Outcome.Error, Outcome.Unrecorded, Outcome.Unverified];

    public Task<DoorReply> CancelAsync(HttpContext context, CancellationToken cancellationToken) => AskedAsync(context, "cancel", async (id, peer) =>
    {
        var answer = await work.CancelAsync(id, DoorWork.Parameter(context, "force") == "true", peer.User, cancellationToken);
        LogAsked(logger, "cancel", id, peer.Uid, peer.Pid, answer.ToString());
        return answer switch
        {
            CancelAnswer.Cancelled => Changed(id, "cancelled"),
            CancelAnswer.InDoubt => Changed(id, "in doubt"),
            CancelAnswer.NotFound => DoorWork.NotFound(id),
            CancelAnswer.AlreadySettled => Conflict($"{id} had ended already", $"see how: opsctl work why {id}"),
            CancelAnswer.Doubtful => Conflict(
                $"{id} is in doubt: nothing of it runs", $"find out whether it was done, then: opsctl work settle {id} --as ok|error"),
            CancelAnswer.Unrecovered => Conflict(
                $"{id} waits to be recovered, which the agent tries each minute: nothing was changed",
                $"try again once it is queued, runs or has ended, and see the agent's log for what stands in the way: opsctl work why {id}"),
            CancelAnswer.GoingDown => Conflict(
                $"the agent is going down: {id} was not changed", $"cancel it at its next start: opsctl work cancel {id}"),
            _ => Conflict(
                $"{id} may have had its effect already and is never started twice",
                $"with --force it is ended all the same, and is then in doubt; what is known: opsctl work why {id}"),
        };
    });

    public Task<DoorReply> SettleAsync(HttpContext context, CancellationToken cancellationToken) => AskedAsync(context, "settle", async (id, peer) =>
    {
        if (!OutcomeNames.TryParse(DoorWork.Parameter(context, "as"), out var outcome) || !Found.Contains(outcome))
        {
            return DoorReply.Bad("how it ended is not said", $"use as={string.Join(" or ", Found.Select(static o => o.ToWire()))}");
        }

        if (await DoorFinding.ReadAsync(context.Request, cancellationToken) is not { } finding)
        {
            return DoorReply.Bad("the body is not what is known of it", """use {"result": TEXT, "reason": TEXT}, either of them left out or not""");
        }

        var (output, reason) = (finding.Result ?? "", finding.Reason ?? "");
        if (output.Length > LongestText || reason.Length > LongestText)
        {
            return DoorReply.Bad("the result or the reason is too long", $"use at most {LongestText} characters");
        }

        var decision = await decisions.SettleAsync(id, outcome, output, reason, peer.User, cancellationToken);
        LogAsked(logger, "settle", id, peer.Uid, peer.Pid, decision.Text);
        return decision.Kind == DecisionKind.Done ? Changed(id, decision.Text) : Undone(id, decision);
    });

    public Task<DoorReply> RetryAsync(HttpContext context, CancellationToken cancellationToken) => AskedAsync(context, "retry", async (id, peer) =>
    {
        var decision = await decisions.RetryAsync(id, peer.User, cancellationToken);
        LogAsked(logger, "retry", id, peer.Uid, peer.Pid, decision.Text);
        return decision.Kind == DecisionKind.Done
            ? DoorReply.Ok(new RetriedAnswer(decision.Text, id.Value), DoorJson.Default.RetriedAnswer)
            : Undone(id, decision);
    });

    private async Task<DoorReply> AskedAsync(
        HttpContext context, string what, Func<RequestId, PeerCredentials, Task<DoorReply>> change)
    {
        if (!DoorWork.TryId(context, out var id))
        {
            return DoorWork.NoId();
        }

        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            // Without the kernel's word of who asks, nothing is changed.
            return DoorReply.Error(
                StatusCodes.Status403Forbidden, $"who asks for a {what} can't be told on this connection", "use the control socket");
        }

        var peer = PeerCredentials.Of(socket);
        try
        {
            return await change(id, peer);
        }
        catch (LedgerStalledException e)
        {
            LogAsked(logger, what, id, peer.Uid, peer.Pid, e.Message);
            return DoorReply.Error(
                StatusCodes.Status503ServiceUnavailable,
                e.Message,
                $"it is done once the ledger commits, unless the agent ends or {id} changes before that: see opsctl status, then opsctl work why {id}");
        }
    }

    private static DoorReply Changed(RequestId id, string result) =>
        DoorReply.Ok(new ChangedAnswer(id.Value, result), DoorJson.Default.ChangedAnswer);

    private static DoorReply Undone(RequestId id, Decision decision) => decision.Kind == DecisionKind.NotFound
        ? DoorWork.NotFound(id)
        : Conflict(decision.Text, $"what is known of it: opsctl work why {id}");

    private static DoorReply Conflict(string error, string advice) => DoorReply.Error(StatusCodes.Status409Conflict, error, advice);

    [LoggerMessage(7010, LogLevel.Information, "{What} of {RequestId} asked for by uid {Uid} (pid {Pid}): {Answer}")]
    private static partial void LogAsked(ILogger logger, string what, RequestId requestId, uint uid, int pid, string answer);
}
