using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Contract.StompPy;

/// <summary>What the embedded broker says of its queues.</summary>
internal static class BrokerQueues
{
    /// <summary>Waits until a queue has so many waiting messages and so many handed out; one with neither may be gone.</summary>
    public static Task HasAsync(this StompBroker broker, string queue, int waiting, int handedOut) => Eventually.HoldsAsync(
        () => broker.Queues.FirstOrDefault(q => q.Destination == queue) is { } found
            ? (found.Waiting, found.HandedOut) == (waiting, handedOut)
            : (waiting, handedOut) == (0, 0),
        () => $"{waiting} waiting and {handedOut} handed out in {queue}; there is {string.Join(", ", broker.Queues)}");
}
