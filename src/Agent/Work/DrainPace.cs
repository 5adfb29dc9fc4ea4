namespace OpsAgent.Agent.Work;

/// <summary>
/// How much of a hurry a stop is in. It begins warm: what runs is waited for. It may become soft (what may run again by its
/// capability's <c>on_drain</c> is ended now) and cold (all that may run again is ended now, and nothing else is waited for).
/// </summary>
internal sealed class DrainPace
{
    private readonly TaskCompletionSource _soft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it becomes soft, or cold.</summary>
    public Task Soft => _soft.Task;

    /// <summary>Completes when it becomes cold.</summary>
    public Task Cold => _cold.Task;

    public void Soften() => _soft.TrySetResult();

    public void Chill()
    {
        // In this order, so that whoever is woken by the first finds the second.
        _cold.TrySetResult();
        _soft.TrySetResult();
    }
}
