namespace OpsAgent.Agent.Launching;

/// <summary>
/// How fast one stream of a doer is read at most. One that prints as fast as it is read would else have a processor of the agent's to
/// itself; so it waits at its full pipe, which costs nobody anything. A stream that is slower is never held up.
/// </summary>
/// <param name="bytesPerSecond">The pace.</param>
/// <param name="time">The clock.</param>
internal sealed class ReadPace(long bytesPerSecond, TimeProvider time)
{
    private const int SlicesPerSecond = 50;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1.0 / SlicesPerSecond);

    private long _sliceBegan = time.GetTimestamp();
    private long _left = bytesPerSecond / SlicesPerSecond;

    /// <summary>So many bytes were read; completes when the next may be.</summary>
    public Task TookAsync(int bytes, CancellationToken cancellationToken)
    {
        _left -= bytes;
        if (_left > 0)
        {
            return Task.CompletedTask;
        }

        var wait = Slice - time.GetElapsedTime(_sliceBegan);
        _left = bytesPerSecond / SlicesPerSecond;
        if (wait <= TimeSpan.Zero)
        {
            _sliceBegan = time.GetTimestamp();
            return Task.CompletedTask;
        }

        return WaitAsync(wait, cancellationToken);
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        await Task.Delay(wait, time, cancellationToken);
        _sliceBegan = time.GetTimestamp();
    }
}
