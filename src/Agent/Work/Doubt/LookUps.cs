using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work.Doubt;

/// <summary>Finds out what became of a run that nobody saw the end of, by the look-ups of its capability.</summary>
internal sealed partial class LookUps(IEnumerable<IWorkRunner> runners, ILogger<LookUps> logger)
{
    private readonly IWorkRunner[] _runners = [.. runners];
    private readonly Dictionary<RequestId, LookUpTurn> _turns = [];

    /// <summary>Ends the agent's own look-up of a request, and lets none begin until what is returned is disposed.</summary>
    public Task<LookUpTurn> TakeTurnAsync(RequestId request, CancellationToken cancellationToken) =>
        LookUpTurn.TakeAsync(_turns, request, cancellationToken);

    /// <summary>Runs one after the other until one can tell. Starts the work itself never.</summary>
    public async Task<LookUpFinding> AskAsync(StoredWork row, WorkRequest request, CancellationToken cancellationToken)
    {
        using var turn = LookUpTurn.TryTake(_turns, row.RequestId, cancellationToken);
        if (turn is null)
        {
            return new LookUpFinding(null, "an operator is at it");
        }

        var said = "";
        foreach (var lookUp in request.LookUps)
        {
            var result = await RunAsync(row, lookUp.Plan, turn.Token);
            if (turn.Token.IsCancellationRequested)
            {
                return new LookUpFinding(null, "cut short");
            }

            if (result is { Ran: true, ExitCode: { } code } && lookUp.Answers.TryGetValue(code, out var outcome))
            {
                LogFound(row.MsgType, row.RequestId, outcome.ToWire());
                var found = result with { Outcome = outcome, Signal = null, Survivors = null, Duration = TimeSpan.Zero };
                return new LookUpFinding(found, "");
            }

            said = OneLine.Of(result.Reason, Settlement.MaxReason);
            LogNotFound(row.MsgType, row.RequestId, said);
        }

        return new LookUpFinding(null, said);
    }

    /// <summary>Runs what belongs to a request in doubt, but is not its work. Does not throw.</summary>
    public async Task<RunResult> RunAsync(StoredWork row, RunPlan plan, CancellationToken cancellationToken)
    {
        if (Array.Find(_runners, r => r.Runs(plan)) is not { } runner)
        {
            return RunResult.NotRun(Outcome.Error, $"nothing here runs a {plan.GetType().Name}");
        }

        var context = new RunContext
        {
            RequestId = row.RequestId, MsgType = row.MsgType, Attempt = row.Attempts, Plan = plan, IsLookUp = true,
        };
        try
        {
            return await runner.RunAsync(context, cancellationToken);
        }
        catch (Exception e)
        {
            // A runner promises not to throw; whatever it was, it tells nothing of the work.
            LogRunnerFailed(e, row.MsgType, row.RequestId);
            return RunResult.NotRun(Outcome.Error, $"the runner failed: {e.Message}");
        }
    }
}

/// <summary>What look-ups came to.</summary>
/// <param name="Result">What became of the work; null: they can't tell.</param>
/// <param name="Said">Why not, in the last one's words.</param>
internal readonly record struct LookUpFinding(RunResult? Result, string Said);
