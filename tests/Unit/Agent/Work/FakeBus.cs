using System.Collections.Concurrent;
using System.Text.Json;
using OpsAgent.Agent.Bus;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>A broker of a test's making. Confirms at once unless told otherwise.</summary>
internal sealed class FakeBus : IMessageBus
{
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeBus(bool connected = true) => SetConnected(connected);

    public ConcurrentQueue<OutgoingMessage> Arrived { get; } = new();

    /// <summary>Called for each message with its number from 1 on; what it returns completes the confirmation.</summary>
    public Func<OutgoingMessage, int, Task>? OnSend { get; set; }

    public int Sent => _sent;

    private int _sent;

    public BusState State => new(_connected.Task.IsCompleted, "fake:1", DateTimeOffset.UnixEpoch, "");

    public IReadOnlyList<JsonElement> Bodies => [.. Arrived.Select(m => JsonElement.Parse(m.Body.Span))];

    public IReadOnlyList<JsonElement> Settlements =>
        [.. Bodies.Where(b => b.GetProperty("msg_type").GetString() == "ops_request_settled")];

    public void SetConnected(bool connected)
    {
        if (connected)
        {
            _connected.TrySetResult();
        }
        else
        {
            _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task SendConfirmedAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _sent);
        if (OnSend is { } onSend)
        {
            await onSend(message, number).WaitAsync(cancellationToken);
        }

        Arrived.Enqueue(message);
    }

    public Task WaitConnectedAsync(CancellationToken cancellationToken) => _connected.Task.WaitAsync(cancellationToken);
}
