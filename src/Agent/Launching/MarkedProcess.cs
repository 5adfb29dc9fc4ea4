namespace OpsAgent.Agent.Launching;

/// <summary>A living process that carries a request's mark.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="StartTime">Field 22 of its stat.</param>
/// <param name="Session">Its session; the doer itself leads one.</param>
/// <param name="Attempt">The attempt that it belongs to.</param>
internal readonly record struct MarkedProcess(int Pid, long StartTime, int Session, int Attempt)
{
    /// <summary>True for the doer itself, or for what called setsid below it.</summary>
    public bool IsLeader => Pid == Session;
}
