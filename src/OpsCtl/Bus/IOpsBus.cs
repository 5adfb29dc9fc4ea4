using OpsAgent.OpsCtl.Signing;

namespace OpsAgent.OpsCtl.Bus;

/// <summary>The broker as opsctl needs it.</summary>
internal interface IOpsBus : IAsyncDisposable
{
    /// <summary>How long a command tries to connect to each broker: long enough to outlast one dropped handshake.</summary>
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Told of changes of the connection, on a thread that must not be blocked.</summary>
    Action<BusChange>? OnChange { get; set; }

    /// <summary>Connects to the first broker that answers.</summary>
    /// <param name="timeout">For each broker.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="OpsCtlException">The broker can't be reached in time (exit 69).</exception>
    Task ConnectAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Subscribes; what is sent after this on the same connection can't be answered before it is in force.</summary>
    /// <param name="destination">Exactly as it goes on the wire.</param>
    /// <param name="onMessage">Called on the receiving thread, one message at a time; it must not block.</param>
    /// <returns>Ends the subscription.</returns>
    IAsyncDisposable Subscribe(string destination, Action<BusMessage> onMessage);

    /// <summary>Hands a message to the connection; it may be lost.</summary>
    /// <exception cref="OpsCtlException">There is no connection now (exit 69).</exception>
    ValueTask SendAsync(BusRequest request, CancellationToken cancellationToken);

    /// <summary>Sends and waits for the broker's receipt.</summary>
    /// <exception cref="OpsCtlException">Not confirmed (exit 69), or refused (exit 1).</exception>
    Task SendConfirmedAsync(BusRequest request, CancellationToken cancellationToken);
}

/// <summary>A message as it came.</summary>
internal readonly record struct BusMessage(string Destination, ReadOnlyMemory<byte> Body);

/// <summary>A message to the agent.</summary>
/// <param name="Destination">Exactly as it goes on the wire.</param>
/// <param name="Body">JSON text.</param>
/// <param name="Lifetime">The broker drops it after this; null: it is kept, over restarts of the broker too.</param>
internal sealed record BusRequest(string Destination, ReadOnlyMemory<byte> Body, TimeSpan? Lifetime = null)
{
    /// <summary>True: it is kept over restarts of the broker, as long as its lifetime lasts.</summary>
    public bool Persistent { get; init; } = Lifetime is null;

    /// <summary>Signs each sending of it anew; null: it is not signed.</summary>
    public RequestSigner? Signer { get; init; }
}
