namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>One ping after the other, each sent when the last was answered, until it is ended: how long answers took.</summary>
internal sealed class Pings : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _took = [];
    private readonly Func<Task<double>> _ping;
    private readonly Task _sending;

    private Pings(Func<Task<double>> ping)
    {
        _ping = ping;
        _sending = SendAsync();
    }

    /// <param name="ping">Sends one and returns with the time that its answer took; throws when none comes.</param>
    public static Pings Start(Func<Task<double>> ping) => new(ping);

    /// <summary>Ends it; milliseconds that answers took, the shortest first. Throws if one was never answered.</summary>
    public async Task<PingTimes> EndAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        return new PingTimes([.. _took.Order()]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _took.Add(await _ping());
            await Task.Delay(Between, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>How long answers took.</summary>
/// <param name="Sorted">In milliseconds, the shortest first.</param>
internal sealed record PingTimes(IReadOnlyList<double> Sorted)
{
    /// <summary>What 99 of 100 did not exceed; of less than 100, the longest but none.</summary>
    public double P99 => Of(0.99);

    private double Of(double share) => Sorted.Count == 0 ? double.NaN : Sorted[(int)Math.Ceiling(share * Sorted.Count) - 1];

    public override string ToString() => $"{Sorted.Count} pongs, p50 {Of(0.5):0.00} ms, p99 {P99:0.00} ms, longest {Of(1):0.00} ms";
}
