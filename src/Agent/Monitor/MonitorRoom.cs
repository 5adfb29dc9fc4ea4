using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Monitor;

/// <summary>
/// The room as its host sees it. Each part goes its own way in the background; none is waited for, but for the agent's last word,
/// and for that only a moment. Action records are the ledger's neighbours and are started and stopped with it.
/// </summary>
internal sealed partial class MonitorRoom(
    MonitorOptions options, AgentIdKeeper ids, Subscription subscription, Heartbeat heartbeat, LogStream logs, RecordGauge records,
    RecordPump pump, LogRing ring, TimeProvider time, ILogger<MonitorRoom> logger) : IAsyncDisposable
{
    /// <summary>How long the agent's end waits for the monitor to take its last word.</summary>
    public static readonly TimeSpan LastWord = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>What is known now.</summary>
    public MonitorState State => new()
    {
        Url = options.Api,
        StreamsUrl = options.Streams,
        HeartbeatAt = heartbeat.TakenAt,
        LastError = heartbeat.LastError.Length > 0 ? heartbeat.LastError : pump.LastError,
        Records = records.Outbox.Depth,
        RecordsOldestAt = records.Outbox.OldestAt,
        RecordsRefused = records.Outbox.Refused,
        RecordsDropped = records.Outbox.CrowdedOut,
        LogsDropped = ring.Dropped,
    };

    public void Start()
    {
        var parts = new List<Task>();
        if (options.IsRegistered)
        {
            parts.Add(KeepAsync(heartbeat.RunAsync));
            parts.Add(KeepAsync(subscription.RegisterAsync));
            parts.Add(KeepAsync(ids.KeepOneAsync));
        }

        if (options.SendsStreams)
        {
            parts.Add(KeepAsync(logs.RunAsync));
        }

        if (parts.Count == 0)
        {
            LogOff();
        }

        _running = Task.WhenAll(parts);
    }

    /// <summary>Ends all parts and tells the monitor of the agent's end, within <see cref="LastWord"/>.</summary>
    public async Task ExitAsync()
    {
        var began = time.GetTimestamp();
        await _stop.CancelAsync();
        try
        {
            await _running.WaitAsync(LastWord, time);
        }
        catch (TimeoutException)
        {
            return;
        }

        if (options.IsRegistered && LastWord - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            await heartbeat.ExitAsync(left);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private Task KeepAsync(Func<CancellationToken, Task> part) => Task.Run(async () =>
    {
        try
        {
            await part(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception e)
        {
            // The monitor's view of the agent is worth less than the agent.
            LogPartFailed(e, part.Method.DeclaringType?.Name ?? "");
        }
    });

    [LoggerMessage(5001, LogLevel.Information,
        "no monitor is configured (SWF_MONITOR_URL, SWF_MONITOR_HTTP_URL): no heartbeats, no action records, no log stream")]
    private partial void LogOff();

    [LoggerMessage(5002, LogLevel.Error, "{Part} of the monitor's room ended; the agent goes on without it")]
    private partial void LogPartFailed(Exception error, string part);
}
