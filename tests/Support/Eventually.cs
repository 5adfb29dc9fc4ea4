using System.Diagnostics;

namespace OpsAgent.Tests.Support;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    /// <summary>Longer than any condition on a slow machine takes; a test that reaches it has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Returns when <paramref name="condition"/> holds; throws with <paramref name="what"/> when the limit is reached.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? limit = null) => HoldsAsync(condition, () => what, limit);

    /// <summary>The same, with a <paramref name="what"/> that is made at the end, when there is more to show.</summary>
    public static async Task HoldsAsync(Func<bool> condition, Func<string> what, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (limit ?? Limit))
            {
                throw new TimeoutException($"not within {(limit ?? Limit).TotalSeconds:0} s: {what()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>The first value that is not null; throws when the limit is reached.</summary>
    public static Task<T> IsAsync<T>(Func<T?> value, string what, TimeSpan? limit = null)
        where T : class => IsAsync(value, () => what, limit);

    /// <summary>The same, with a <paramref name="what"/> that is made at the end, when there is more to show.</summary>
    public static async Task<T> IsAsync<T>(Func<T?> value, Func<string> what, TimeSpan? limit = null)
        where T : class
    {
        T? found = null;
        await HoldsAsync(() => (found = value()) is not null, what, limit);
        return found!;
    }
}
