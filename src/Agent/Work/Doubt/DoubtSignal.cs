namespace OpsAgent.Agent.Work.Doubt;

/// <summary>Says that a request came into doubt, so that nobody has to look while none is.</summary>
internal sealed class DoubtSignal
{
    private TaskCompletionSource _raised = New();

    /// <summary>Completes at the next doubt.</summary>
    public Task Next => Volatile.Read(ref _raised).Task;

    /// <summary>There is a doubt more.</summary>
    public void Raise() => Interlocked.Exchange(ref _raised, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
