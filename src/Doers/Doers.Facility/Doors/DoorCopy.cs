namespace OpsAgent.Doers.Facility.Doors;

/// <summary>Tries doors in turn under one limit over all of them.</summary>
public sealed class DoorCopy
{
    private readonly Func<DoorKind, IDoorReader> _readers;
    private readonly DoerLog _log;
    private readonly TimeProvider _time;
    private readonly long _most;

    internal DoorCopy(Func<DoorKind, IDoorReader> readers, DoerLog log, TimeProvider time, long most = DoorTarget.SizeLimit)
    {
        _most = most;
        _readers = readers;
        _log = log;
        _time = time;
    }

    /// <summary>Reads XRootD doors by xrdcp and https doors by a client of <paramref name="http"/>, made when first needed.</summary>
    public static DoorCopy Create(XrdcpOptions xrdcp, Func<HttpClient> http, DoerLog log, TimeProvider time) => new(
        kind => kind == DoorKind.XRootD ? new XrdcpReader(xrdcp, log, time) : new HttpsReader(http()), log, time);

    /// <summary>
    /// Copies the file from the first door that delivers it into <paramref name="file"/>, by its descriptor alone. A door may take its equal share of what is left of
    /// <paramref name="limit"/>, the last one all of it, so that one that hangs leaves time for the others.
    /// </summary>
    public async Task CopyAsync(IReadOnlyList<Door> doors, FileStream file, TimeSpan limit, CancellationToken stop)
    {
        var failures = new List<(Door Door, DoorFailedException Failure)>();
        var started = _time.GetTimestamp();
        for (var i = 0; i < doors.Count; i++)
        {
            var left = limit - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            try
            {
                await TryAsync(doors[i], file, left / (doors.Count - i), stop);
                _log.Line($"copied from {doors[i].Host}, {file.Length} bytes");
                return;
            }
            catch (DoorFailedException e)
            {
                _log.Line($"door {doors[i].Host}: {OneLine.Of(e.Message)}");
                failures.Add((doors[i], e));
            }
        }

        throw AllFailed(doors.Count, failures);
    }

    private async Task TryAsync(Door door, FileStream file, TimeSpan share, CancellationToken stop)
    {
        using var own = new CancellationTokenSource(share, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(own.Token, stop);
        var target = DoorTarget.Begin(file, door, _most);
        try
        {
            await _readers(door.Kind).CopyAsync(door, target, share, both.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new DoorFailedException($"not done within {share.TotalSeconds:0.#} s", hung: true, e);
        }

        target.ThrowIfShort();
    }

    private static DoerException AllFailed(int doors, List<(Door Door, DoorFailedException Failure)> failures)
    {
        var hung = failures.Exists(f => f.Failure.Hung) || failures.Count < doors;
        var told = string.Join("; ", failures.Select(f => $"{f.Door.Host}: {OneLine.Of(f.Failure.Message, 160)}"));
        var untried = failures.Count < doors ? $"; {doors - failures.Count} not tried, the limit was reached" : "";
        return new DoerException(
            hung ? DoerExit.DoorHung : DoerExit.DoorsFailed,
            $"none of {doors} door{(doors == 1 ? "" : "s")} delivered: {told}{untried}");
    }
}
