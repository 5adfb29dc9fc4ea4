using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Handlers;

/// <summary>
/// Takes <c>shutdown</c>: a deliberate stop, after which systemd leaves the agent down. Drains like SIGTERM. Its action record is
/// handed over, not waited for.
/// </summary>
internal sealed partial class Shutdown(DeliberateStop stop, RecordComposer records, IRestStore calls, ILogger<Shutdown> logger) : IControlHandler
{
    public static readonly MsgType Type = new("shutdown");

    public MsgType MsgType => Type;

    public Verdict Handle(OpsMessage message)
    {
        var sender = message.Text("sender") is { } named ? PlainText.OneLine(named, 100) : null;
        LogShutdown(sender ?? "?");
        if (records.ComposeShutdown(sender) is { } record)
        {
            calls.PostCall(record);
        }

        stop.Request();
        return new Verdict.Answered([]);
    }

    [LoggerMessage(1201, LogLevel.Warning, "shutdown asked for by {Sender}; draining")]
    private partial void LogShutdown(string sender);
}
