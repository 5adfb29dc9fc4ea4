using System.Collections.Concurrent;
using OpsAgent.Abstractions;

namespace OpsAgent.Tests.Unit.Agent.Work;

internal sealed record FakePlan(string Name) : RunPlan;

/// <summary>A runner whose runs a test holds in its hand.</summary>
internal sealed class FakeRunner : IWorkRunner
{
    private int _running;
    private int _most;

    public ConcurrentQueue<RunContext> Started { get; } = new();

    public ConcurrentQueue<RequestId> LeftoversEnded { get; } = new();

    public ConcurrentQueue<(RequestId Request, int Attempts)> Forgotten { get; } = new();

    public IReadOnlySet<RequestId>? KeptAtStart { get; private set; }

    public Func<RunContext, CancellationToken, Task<RunResult>> OnRun { get; set; } = (_, _) => Task.FromResult(Ok);

    public int LeftoverFailures { get; set; }

    /// <summary>What the end of leftovers waits for.</summary>
    public Func<Task> OnEndLeftovers { get; set; } = static () => Task.CompletedTask;

    public static RunResult Ok { get; } = new() { Outcome = Outcome.Ok, Ran = true, ExitCode = 0, Duration = TimeSpan.FromMilliseconds(12) };

    public int Running => Volatile.Read(ref _running);

    public int MostAtOnce => Volatile.Read(ref _most);

    public static RunResult Exit(int code) => new()
    {
        Outcome = code == 0 ? Outcome.Ok : Outcome.Error,
        Reason = code == 0 ? "" : $"rc={code}",
        ExitCode = code,
        Ran = true,
    };

    /// <summary>Runs until it is cancelled, as a doer that never ends.</summary>
    public static async Task<RunResult> Forever(RunContext context, CancellationToken token)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(end.SetResult);
        context.Started?.Invoke(new RunningProcess(4711, 99, "boot-1", "/doers/fake", "ab12"));
        await end.Task;
        return new RunResult { Outcome = Outcome.Cancelled, Reason = "ended", Ran = true, Survivors = 0 };
    }

    public Func<RunContext, bool> OnMayHaveActed { get; set; } = static _ => true;

    public bool MayHaveActed(RunContext context) => OnMayHaveActed(context);

    public void Forget(RequestId requestId, int attempts) => Forgotten.Enqueue((requestId, attempts));

    public void ForgetAllBut(IReadOnlySet<RequestId> begun) => KeptAtStart = begun;

    public bool Runs(RunPlan plan) => plan is FakePlan;

    public async Task<RunResult> RunAsync(RunContext context, CancellationToken cancellationToken)
    {
        Started.Enqueue(context);
        var now = Interlocked.Increment(ref _running);
        for (var most = _most; now > most && Interlocked.CompareExchange(ref _most, now, most) != most; most = _most)
        {
        }

        try
        {
            return await OnRun(context, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public async Task<LeftoverReport> EndLeftoversAsync(RequestId requestId, CancellationToken cancellationToken)
    {
        LeftoversEnded.Enqueue(requestId);
        await OnEndLeftovers();
        return LeftoverFailures-- > 0 ? throw new IOException("no descriptors") : new LeftoverReport(1, 0);
    }
}
