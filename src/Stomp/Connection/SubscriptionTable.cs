using System.Globalization;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>What is subscribed to, over all connections.</summary>
internal sealed class SubscriptionTable
{
    private readonly Lock _gate = new();
    private readonly List<StompSubscription> _all = [];
    private long _last;

    public StompSubscription Add(
        StompSubscribeOptions options,
        Func<StompMessage, ValueTask> onMessage,
        Func<StompSubscription, ValueTask> unsubscribe)
    {
        lock (_gate)
        {
            var subscription = new StompSubscription((++_last).ToString(CultureInfo.InvariantCulture), options, onMessage, unsubscribe);
            _all.Add(subscription);
            return subscription;
        }
    }

    public bool Remove(StompSubscription subscription)
    {
        lock (_gate)
        {
            subscription.Ended = true;
            return _all.Remove(subscription);
        }
    }

    public StompSubscription[] All()
    {
        lock (_gate)
        {
            return [.. _all];
        }
    }

    /// <summary>Whose message it is: by its subscription header, or by destination, since 1.0 servers need not send the header.</summary>
    public StompSubscription? Find(StompHeaders headers)
    {
        var id = headers.Get(KnownHeaders.Subscription);
        var destination = headers.Get(KnownHeaders.Destination);
        lock (_gate)
        {
            return _all.Find(s => id is null ? s.Options.Destination == destination : s.Id == id);
        }
    }
}
