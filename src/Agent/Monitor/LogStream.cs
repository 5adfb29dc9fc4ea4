using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Handlers;

namespace OpsAgent.Agent.Monitor;

/// <summary>Sends the ring's lines to the monitor, at most 20 a second. Best effort: what the ring has no room for is counted.</summary>
internal sealed partial class LogStream(
    MonitorOptions options, MonitorClient client, LogRing ring, AgentIdentity identity, TimeProvider time, ILogger<LogStream> logger)
{
    /// <summary>Lines a second at most.</summary>
    public const int ASecond = 20;

    private const string AppName = "base_agent";
    private const int MaxMessage = 4_000;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1) / ASecond;

    private bool _failing;

    /// <summary>Sends until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = MonitorRetry.Build(time, static (_, _) => true, (reply, _) => Note(reply));
        while (true)
        {
            var line = await ring.TakeAsync(cancellationToken);
            var dropped = 0L;
            var reply = await retry.ExecuteAsync(
                async token =>
                {
                    // Made anew for each try: more may have been dropped meanwhile.
                    dropped = ring.Untold;
                    return await client.StreamAsync("POST", RecordComposer.Path, Body(line, dropped), options.CallTimeout, token);
                },
                cancellationToken);
            Conclude(reply, dropped);
            await Task.Delay(Between, time, cancellationToken);
        }
    }

    private void Conclude(MonitorReply reply, long dropped)
    {
        if (reply.IsDone)
        {
            ring.Told(dropped);
            _failing = false;
        }
        else
        {
            ring.CountDropped();
            Note(reply);
        }
    }

    private byte[] Body(LogLine line, long dropped)
    {
        var (number, name) = LogLevels.Of(line.Level);
        var message = line.Message.Length <= MaxMessage ? line.Message : line.Message[..MaxMessage];
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["app_name"] = AppName,
            ["instance_name"] = identity.Name,
            ["timestamp"] = line.At.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff"),
            ["level"] = number,
            ["levelname"] = name,
            ["message"] = message.Replace('\0', ' ') + (dropped > 0 ? $" [{dropped} log lines before this one were dropped]" : ""),
            ["module"] = line.Category[(line.Category.LastIndexOf('.') + 1)..],
            ["funcname"] = line.Function,
            ["lineno"] = 0,
            ["process"] = identity.Pid,
            ["thread"] = line.Thread,
            ["extra_data"] = dropped > 0 ? new JsonObject { ["dropped"] = dropped } : null,
        });
    }

    /// <summary>Once for an outage. This category never goes into the ring.</summary>
    private void Note(MonitorReply reply)
    {
        if (!_failing)
        {
            _failing = true;
            LogFailing(reply.Problem(options.Streams));
        }
    }

    [LoggerMessage(5231, LogLevel.Warning, "log lines do not reach the monitor: {Problem}")]
    private partial void LogFailing(string problem);
}
