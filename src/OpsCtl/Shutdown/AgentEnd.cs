using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Shutdown;

/// <summary>Waits for the end of the agent on this host, which was seen before.</summary>
internal sealed class AgentEnd
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly StateFolder _state;
    private readonly TimeProvider _time;

    private AgentEnd(StateFolder state, TimeProvider time) => (_state, _time) = (state, time);

    /// <exception cref="OpsCtlException">None runs here, so that its end would be told at once and mean nothing (exit 69).</exception>
    public static AgentEnd Of(StateFolder state, TimeProvider time) => DoorProbe.Answers(state)
        ? new AgentEnd(state, time)
        : throw new OpsCtlException(
            ExitCode.Unreachable,
            $"no agent listens at {state.Socket}, so there is no end to wait for; nothing was sent",
            "leave out --wait for an agent on another host, or name its state folder with --state-dir or OPSAGENT_STATE_DIR");

    /// <exception cref="OpsCtlException">It still runs (exit 1), or Ctrl-C (exit 130).</exception>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (DoorProbe.Answers(_state))
        {
            if (_time.GetElapsedTime(started) > timeout)
            {
                throw new OpsCtlException(
                    ExitCode.Negative,
                    $"the agent still runs after {Ages.Of(timeout)}",
                    "it may drain long work: opsctl work list --state running; it may refuse this sender: see its log");
            }

            await StepAsync(cancellationToken);
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Step, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new OpsCtlException(
                ExitCode.Interrupted, "interrupted; shutdown was sent", "the agent ends once it has drained: opsctl status shows how far it is");
        }
    }
}
