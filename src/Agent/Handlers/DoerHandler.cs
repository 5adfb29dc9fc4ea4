using OpsAgent.Abstractions;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Handlers;

/// <summary>The handler of every capability that the manifest declares: one class, as many tables as there are types.</summary>
internal sealed class DoerHandler(Capability capability, FailureMarkers markers) : IWorkHandler
{
    private const int MaxReason = 300;

    /// <inheritdoc/>
    public MsgType MsgType => capability.MsgType;

    /// <inheritdoc/>
    public Verdict Handle(OpsMessage message)
    {
        var reading = capability.ReadFields(message.Body);
        return reading.Errors.Count > 0
            ? new Verdict.Refused(reading.Reason)
            : new Verdict.Work(capability.ToWork(reading.Values, message.ReceivedAt));
    }

    /// <inheritdoc/>
    public async ValueTask<Conclusion> ConcludeAsync(OpsMessage message, RunResult result, CancellationToken cancellationToken)
    {
        // The fields that are valid, also of a refused message: its event names them if it can.
        var values = capability.ReadFields(message.Body).Values;
        var facts = new RunFacts { RequestId = message.RequestId, Result = result, Reason = result.Reason };
        var (outcome, reason) = capability.Judge(values, facts);
        facts = facts with { Reason = reason };
        if (capability.MarkerPath(values) is { } path && LeavesMarker(outcome))
        {
            // The runs of a doer count, and only they: a refusal or a cancellation is told, but is no attempt.
            var counts = result.Ran && outcome is Outcome.Error or Outcome.Timeout;
            facts = facts with { Attempts = await markers.WriteAsync(path, Capability.FailureReason(outcome, reason), counts) };
        }

        return new Conclusion(outcome, Shortened(reason), capability.Events(outcome, values, facts))
        {
            Record = capability.Record(outcome, values, facts),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<ActionRecord?> HeldAsync(OpsMessage message, string reason, CancellationToken cancellationToken)
    {
        var values = capability.ReadFields(message.Body).Values;
        if (capability.MarkerPath(values) is { } path)
        {
            await markers.WriteHeldAsync(path, $"held: {reason}", cancellationToken);
        }

        var facts = new RunFacts { RequestId = message.RequestId, Result = RunResult.NotRun(Outcome.Rejected, reason), Reason = reason };
        return capability.Record(Outcome.Rejected, values, facts);
    }

    private static bool LeavesMarker(Outcome outcome) =>
        outcome is Outcome.Error or Outcome.Timeout or Outcome.Rejected or Outcome.Cancelled;

    private static string Shortened(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason];
}
