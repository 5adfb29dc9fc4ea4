using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;

namespace OpsAgent.Agent.Handlers;

/// <summary>
/// Takes <c>shutdown</c>: a deliberate stop, after which systemd leaves the agent down. Drains like SIGTERM.
/// </summary>
internal sealed partial class Shutdown(DeliberateStop stop, ILogger<Shutdown> logger) : IHandler
{
    public MsgType MsgType => new("shutdown");

    public Verdict Handle(OpsMessage message)
    {
        LogShutdown(PlainText.OneLine(message.Text("sender") ?? "?", 100));
        stop.Request();
        return new Verdict.Answered([]);
    }

    [LoggerMessage(1201, LogLevel.Warning, "shutdown asked for by {Sender}; draining")]
    private partial void LogShutdown(string sender);
}
