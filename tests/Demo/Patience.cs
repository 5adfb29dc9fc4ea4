using System.Diagnostics;

namespace OpsAgent.Tests.Demo;

/// <summary>Waits for what is bound to happen.</summary>
internal static class Patience
{
    /// <summary>Far longer than any step takes on a slow, busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>The first value that is not null.</summary>
    /// <exception cref="SurpriseException">There was none within the limit.</exception>
    public static async Task<T> ForAsync<T>(Func<T?> value, string what, CancellationToken stop)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Limit)
        {
            if (value() is { } found)
            {
                return found;
            }

            await Task.Delay(Pause, TimeProvider.System, stop);
        }

        throw new SurpriseException($"not within {Limit.TotalSeconds:0} s: {what}");
    }
}
