using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;

namespace OpsAgent.Agent.Dispatch;

/// <summary>Sends the answers of control requests without holding up the receive path.</summary>
internal sealed partial class ReplySender(IMessageBus bus, TimeProvider time, ILogger<ReplySender> logger)
{
    public void Send(IReadOnlyList<Reply> replies)
    {
        foreach (var reply in replies)
        {
            _ = SendAsync(reply);
        }
    }

    private async Task SendAsync(Reply reply)
    {
        try
        {
            await bus.SendAsync(new OutgoingMessage(reply.Destination, reply.Body, Persistent: false, time.GetUtcNow() + reply.Expires), CancellationToken.None);
        }
        catch (BusUnavailableException e)
        {
            // Whoever asked is gone with the connection and will ask again; a late pong would tell of a state long past.
            LogNotSent(e, reply.Destination);
        }
    }

    [LoggerMessage(1120, LogLevel.Debug, "an answer to {Destination} could not be sent")]
    private partial void LogNotSent(Exception error, string destination);
}
