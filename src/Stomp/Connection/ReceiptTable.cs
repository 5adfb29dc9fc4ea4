using System.Globalization;

namespace OpsAgent.Stomp.Connection;

/// <summary>Who waits for which receipt on one connection.</summary>
internal sealed class ReceiptTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private StompConnectionLostException? _lost;
    private long _last;

    /// <summary>A new receipt and what completes when it comes or never will.</summary>
    public (string Id, Task Arrived) Ask()
    {
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var id = (++_last).ToString(CultureInfo.InvariantCulture);
            if (_lost is not null)
            {
                arrival.SetException(_lost);
            }
            else
            {
                _waiting.Add(id, arrival);
            }

            return (id, arrival.Task);
        }
    }

    /// <summary>Nobody waits for it any more.</summary>
    public void Forget(string id) => Take(id);

    public void Arrived(string id) => Take(id)?.TrySetResult();

    public void Refused(string id, string refusal) => Take(id)?.TrySetException(
        new StompConnectionLostException($"the broker refused it: {refusal}") { Refusal = refusal });

    /// <summary>No receipt comes any more: all that wait are told so, and so is whoever asks later. The first reason holds.</summary>
    public void Lost(string reason, string? brokerError = null)
    {
        TaskCompletionSource[] waiting;
        StompConnectionLostException lost;
        lock (_gate)
        {
            lost = _lost ??= new StompConnectionLostException($"the connection ended before the broker confirmed: {reason}")
            {
                BrokerError = brokerError,
            };
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        foreach (var arrival in waiting)
        {
            arrival.TrySetException(lost);
        }
    }

    private TaskCompletionSource? Take(string id)
    {
        lock (_gate)
        {
            return _waiting.Remove(id, out var arrival) ? arrival : null;
        }
    }
}
