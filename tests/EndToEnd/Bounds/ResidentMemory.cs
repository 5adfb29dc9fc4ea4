using System.Globalization;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>A process's resident memory, looked at all the time: how much more than at first it ever was.</summary>
internal sealed class ResidentMemory : IAsyncDisposable
{
    /// <summary>What a bound may cost at most, in MiB.</summary>
    public const int Allowed = 64;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly int _pid;
    private readonly Task _watching;
    private double _most;

    private ResidentMemory(int pid)
    {
        _pid = pid;
        First = Now;
        _most = First;
        _watching = WatchAsync();
    }

    /// <summary>MiB when it was first looked at.</summary>
    public double First { get; }

    /// <summary>MiB by which it has grown at most since.</summary>
    public double Growth => Volatile.Read(ref _most) - First;

    private double Now
    {
        get
        {
            var line = File.ReadLines($"/proc/{_pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan(6, line.Length - 9), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) / 1024.0;
        }
    }

    public static ResidentMemory Watch(int pid) => new(pid);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(Interval, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Directory.Exists($"/proc/{_pid}"))
            {
                Volatile.Write(ref _most, Math.Max(_most, Now));
            }
        }
    }
}
