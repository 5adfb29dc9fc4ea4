using OpsAgent.Stomp;

namespace OpsAgent.Agent.Bus;

/// <summary>How the agent reaches its broker and what it asks of it.</summary>
internal sealed record BusOptions
{
    /// <summary>The connection itself.</summary>
    public required StompClientOptions Connection { get; init; }

    /// <summary>The queue that requests come by, exactly as it goes on the wire.</summary>
    public required string Queue { get; init; }

    /// <summary>
    /// <c>activemq.prefetchSize</c>: un-acked messages that ActiveMQ Classic may have in flight. Wider than what the agent
    /// holds, so that a ping still arrives behind all of it. Artemis reads the same header as bytes and is told its own below.
    /// </summary>
    public int WindowMessages { get; init; } = 11_000;

    /// <summary><c>consumer-window-size</c>: the same for Artemis, in bytes.</summary>
    public long WindowBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>How long DISCONNECT waits for the broker's answer.</summary>
    public TimeSpan DisconnectTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
