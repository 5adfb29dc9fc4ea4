using OpsAgent.Agent.Handlers;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Handlers;

/// <summary>Markers of requests that wait, on a disk that hangs.</summary>
public sealed class HeldMarkerTests : IDisposable
{
    private readonly ScratchArea _area = new();
    private readonly HangingClock _clock = new();
    private readonly FailureMarkers _markers;

    public HeldMarkerTests() => _markers = new FailureMarkers(_area.Root, _clock, _area.Log);

    public void Dispose()
    {
        _clock.GoOn();
        _markers.Dispose();
        _area.Dispose();
    }

    [Fact]
    public async Task One_is_waited_for_a_little_the_next_not_at_all_and_all_are_written_when_the_disk_goes_on()
    {
        var first = Held("acts/1/.error");
        await Eventually.HoldsAsync(() => _clock.Time.ArmedTimers == 1, "it is waited for");
        Assert.False(first.IsCompleted);
        _clock.Time.Advance(FailureMarkers.Patience);
        await first.WaitAsync(Eventually.Limit, TimeProvider.System);
        Assert.True(Held("acts/2/.error").IsCompletedSuccessfully);
        Assert.StartsWith("2303 Warning", Assert.Single(_area.Log.Lines), StringComparison.Ordinal);

        _clock.GoOn();

        await Held("acts/3/.error").WaitAsync(Eventually.Limit, TimeProvider.System);
        await Eventually.HoldsAsync(
            () => Enumerable.Range(1, 3).All(i => File.Exists(_area.At($"acts/{i}/.error"))), "all are written");
    }

    [Fact]
    public async Task Whoever_is_stopped_waits_no_more()
    {
        using var stop = new CancellationTokenSource();
        var held = Held("acts/1/.error", stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held.WaitAsync(Eventually.Limit, TimeProvider.System));
        _clock.GoOn();
        await _markers.WriteAsync("acts/2/.error", "it failed", counts: true).WaitAsync(Eventually.Limit, TimeProvider.System);
    }

    private Task Held(string path, CancellationToken token = default) => _markers.WriteHeldAsync(path, "held: it expired", token);

    /// <summary>Stands for the disk: whoever writes a marker asks for the time, and waits for the answer.</summary>
    private sealed class HangingClock : TimeProvider
    {
        private readonly ManualResetEventSlim _open = new();

        public FakeTime Time { get; } = new();

        public void GoOn() => _open.Set();

        public override DateTimeOffset GetUtcNow()
        {
            _open.Wait(TimeSpan.FromMinutes(1));
            return Time.GetUtcNow();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Time.CreateTimer(callback, state, dueTime, period);
    }
}
