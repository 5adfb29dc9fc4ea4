using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Handlers;

/// <summary>The facility's words for what an agent is doing. Control messages never change it.</summary>
internal sealed class OperationalState
{
    private volatile string _phase = "STARTING";

    /// <summary>True from the beginning of a deliberate end.</summary>
    public bool IsDraining => _phase == "DRAINING";

    /// <summary>From here on READY or PROCESSING, as there is work.</summary>
    public void Started() => _phase = "READY";

    /// <summary>A deliberate end has begun.</summary>
    public void Draining() => _phase = "DRAINING";

    /// <summary>The same as the monitor's registry knows it: a drain is no state of its own there.</summary>
    public string Registered(WorkCounts counts) => _phase == "STARTING" ? _phase : Busy(counts) ? "PROCESSING" : "READY";

    /// <summary>STARTING, READY, PROCESSING while anything is queued or running, or DRAINING.</summary>
    public string Current(WorkCounts counts) =>
        _phase == "READY" && Busy(counts) ? "PROCESSING" : _phase;

    private static bool Busy(WorkCounts counts) => counts.Queued > 0 || counts.Running > 0;
}
