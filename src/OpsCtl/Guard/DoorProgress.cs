using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>
/// Looks through the agent's local door twice: with a ping put into its queue in between, an agent that works has taken something in.
/// </summary>
/// <param name="state">Its state folder; null: the unit has none, as the Python agent's.</param>
/// <param name="mainPid">Who is to answer.</param>
internal sealed class DoorProgress(StateFolder? state, int mainPid)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private long? _before;

    /// <summary>True if the second look shows more than the first.</summary>
    public bool Progresses { get; private set; }

    /// <summary>What was seen, in a few words.</summary>
    public string Finding { get; private set; } = "it has no local door";

    public async Task LookAsync(CancellationToken cancellationToken) => _before = await DispatchedAsync(cancellationToken);

    public async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        var after = await DispatchedAsync(cancellationToken);
        if (after is { } now)
        {
            Progresses = _before is { } before && now > before;
            Finding = Progresses
                ? $"{now - _before} message(s) were taken in meanwhile"
                : "its local door answers, but nothing was taken in meanwhile";
        }
    }

    private async Task<long?> DispatchedAsync(CancellationToken cancellationToken)
    {
        if (state is null)
        {
            return null;
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Patience);
        try
        {
            using var door = new DoorClient(state);
            var answer = await door.GetAsync("/v1/status", DoorShapesJson.Default.AgentState, late.Token);
            if (answer.Pid == mainPid)
            {
                return answer.Dispatched;
            }

            Finding = $"its local door is answered by pid {answer.Pid}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Finding = $"its local door does not answer within {Patience.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is OpsCtlException or NoAgentException)
        {
            Finding = $"its local door does not answer: {e.Message}";
        }

        return null;
    }
}
