using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Doubt;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>Carries out what operators decide.</summary>
internal sealed partial class WorkDecisions(
    WorkLedger ledger, LaneBoard lanes, HandlerCall handlers, LookUps lookUps, Settler settler, CommitWait commit, TimeProvider time, ILogger<WorkDecisions> logger)
    : IWorkDecisions
{
    public async Task<Decision> SettleAsync(RequestId id, Outcome outcome, string output, string reason, string by, CancellationToken cancellationToken)
    {
        if (ledger.Reader.Load(id) is not { } row)
        {
            return NotFound(id);
        }

        if (row.State != WorkState.Doubt)
        {
            return Refused($"{id} is {row.State.ToName()}, not in doubt");
        }

        using var turn = await lookUps.TakeTurnAsync(id, cancellationToken);
        if (ledger.Reader.Load(id) is not { State: WorkState.Doubt })
        {
            return Refused($"{id} is in doubt no more");
        }


        var message = row.ToMessage();
        if (outcome == Outcome.Error && handlers.Ask(message).Work?.Release is { } release
            && await lookUps.RunAsync(row, release, cancellationToken) is { ExitCode: not 0 } kept)
        {
            return Refused($"what its doer holds was not let go: {kept.Reason}");
        }

        var how = $"settled as {outcome.ToWire()} by {by}{(reason.Length > 0 ? $": {reason}" : "")}";
        var result = new RunResult { Outcome = outcome, Reason = outcome == Outcome.Ok ? "" : reason, Ran = true, Stdout = output };
        var resolution = await commit.ForAsync(settler.ResolveAsync(row, message, result, how), cancellationToken);
        return resolution.Done ? new Decision(DecisionKind.Done, resolution.Conclusion.Outcome.ToWire())
            : resolution.Conclusion.Outcome == Outcome.Unknown ? Refused($"{outcome.ToWire()} needs more: {resolution.Conclusion.Reason}")
            : Refused($"{id} is in doubt no more");
    }

    public async Task<Decision> RetryAsync(RequestId id, string by, CancellationToken cancellationToken)
    {
        var row = ledger.Reader.Load(id);
        if (row is null)
        {
            return ledger.Rows.Find(id) is null
                ? NotFound(id)
                : Refused($"{id} was refused at the door and its body is not kept: send it again");
        }

        if (row.State != WorkState.Settled)
        {
            return Refused(row.State == WorkState.Doubt
                ? $"{id} is in doubt: find out whether it was done and settle it first"
                : $"{id} is {row.State.ToName()}: it has not ended");
        }

        if (ledger.Rows.Find(id)?.Outcome is Outcome.Ok or Outcome.Unrecorded or Outcome.Unverified)
        {
            // Whether its body is there still: of these three only what is ok has lost it already.
            return Refused($"{id} was done, and is not run again: send it again if it is to be done again");
        }

        if (row.Body.Length == 0)
        {
            return Refused($"the body of {id} was dropped to make room in the ledger: send it again");
        }

        var message = row.ToMessage() with
        {
            RequestId = RequestId.New(),
            HasCallersRequestId = false,
            DeliveryId = null,
            SentAt = null,
            ReceivedAt = time.GetUtcNow(),
            RequestedBy = by,
        };
        var (request, reason) = handlers.Ask(message);
        if (request is null)
        {
            return Refused($"{id} is not valid any more: {reason}");
        }

        if (!await lanes.Filled.WaitAsync(cancellationToken))
        {
            return Refused("the agent is going down, and nothing was changed: ask its next start");
        }

        var work = new NewWork(message, row.Body, request, ledger.Now) { RetryOf = id.Value };
        var admission = await ledger.Writer.DoAsync(new AcceptOperation(work, ledger.MaxRefusals, lanes.Accepted), cancellationToken);
        if (admission.Kind != AdmissionKind.Accepted)
        {
            return Refused(admission.DuplicateOf is { } other ? $"{admission.Reason}: see {other}" : admission.Reason);
        }

        LogRetry(row.MsgType, id, message.RequestId, by);
        return new Decision(DecisionKind.Done, message.RequestId.Value);
    }

    private static Decision NotFound(RequestId id) => new(DecisionKind.NotFound, $"the ledger has no request {id}");

    private static Decision Refused(string reason) => new(DecisionKind.Refused, reason);
}
