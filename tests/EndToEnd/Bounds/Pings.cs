using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>One ping after the other, each sent when the last was answered, until it is ended: how long answers took.</summary>
internal sealed class Pings : IAsyncDisposable
{
    /// <summary>So many make a figure for 99 of 100: of fewer it is the longest of all, by which one hiccup of the machine counts.</summary>
    public const int Enough = 200;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Pong> _pongs = [];
    private readonly Func<Task<Pong>> _ping;
    private readonly Task _sending;
    private int _count;

    private Pings(Func<Task<Pong>> ping)
    {
        _ping = ping;
        _sending = SendAsync();
    }

    /// <summary>Answered so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <param name="ping">Sends one and returns with its answer; throws when none comes.</param>
    public static Pings Start(Func<Task<Pong>> ping) => new(ping);

    /// <summary>Waits until so many more are answered.</summary>
    public async Task MoreAsync(int pings = Enough)
    {
        var until = Count + pings;
        await Eventually.HoldsAsync(() => Count >= until || _sending.IsCompleted, () => $"{until} pings, {Count} so far", Limit);
    }

    /// <summary>Ends it; how long answers took. Throws if one was never answered.</summary>
    public async Task<PingTimes> EndAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        return new PingTimes(new Spread([.. _pongs.Select(static p => p.FromArrival).Order()]), new Spread([.. _pongs.Select(static p => p.FromSending).Order()]));
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
            _pongs.Add(await _ping());
            Volatile.Write(ref _count, _pongs.Count);
            await Task.Delay(Between, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>How long answers took.</summary>
/// <param name="FromArrival">Of each ping at the agent, to its pong's leaving it: what is promised.</param>
/// <param name="FromSending">Of each ping by the client, to its pong's coming there: the broker's part too.</param>
internal sealed record PingTimes(Spread FromArrival, Spread FromSending)
{
    public override string ToString() => $"{FromArrival.Sorted.Count} pongs; from arrival {FromArrival}; from sending {FromSending}";
}

/// <summary>Times of one kind.</summary>
/// <param name="Sorted">In milliseconds, the shortest first.</param>
internal sealed record Spread(IReadOnlyList<double> Sorted)
{
    /// <summary>What 99 of 100 did not exceed; of less than 100, the longest.</summary>
    public double P99 => Of(0.99);

    private double Of(double share) => Sorted.Count == 0 ? double.NaN : Sorted[(int)Math.Ceiling(share * Sorted.Count) - 1];

    public override string ToString() => $"p50 {Of(0.5):0.00}, p99 {P99:0.00}, longest {Of(1):0.00} ms";
}
