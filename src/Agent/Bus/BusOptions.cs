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
    /// holds, so that a ping still arrives behind all of it. Artemis would read it as bytes, but its own header, below, goes first there.
    /// </summary>
    public int WindowMessages { get; init; } = 11_000;

    /// <summary><c>consumer-window-size</c>: the same for Artemis, in bytes of whole frames. Other brokers do not know it.</summary>
    public long WindowBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>
    /// <c>activemq.exclusive</c>: of several consumers ActiveMQ Classic gives everything to one, and to the next one when that is gone.
    /// Artemis has the same as a setting of the queue, and other brokers do not know it.
    /// </summary>
    public bool Exclusive { get; init; } = true;

    /// <summary>
    /// Other agents are known to stand by: what waited here while this one was away, or its connection, may have been done there.
    /// </summary>
    public bool HasStandby { get; init; }

    /// <summary>The broker writes the sender's login into <c>JMSXUserID</c> itself, whatever the sender wrote there.</summary>
    public bool VouchesForSenders { get; init; }

    /// <summary>How long DISCONNECT waits for the broker's answer.</summary>
    public TimeSpan DisconnectTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
