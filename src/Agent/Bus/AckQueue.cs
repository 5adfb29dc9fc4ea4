using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Stomp;

namespace OpsAgent.Agent.Bus;

/// <summary>
/// Gathers acks and writes what has come together in one go. Bounded by what the agent holds un-acked, since each delivery
/// is acked once.
/// </summary>
internal sealed partial class AckQueue : IAsyncDisposable
{
    private const int MostAtOnce = 1024;

    private readonly Channel<Entry> _channel = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly StompClient _client;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public AckQueue(StompClient client, ILogger logger)
    {
        _client = client;
        _logger = logger;
        _loop = Task.Run(WriteAsync);
    }

    public void Add(StompMessage message) => _channel.Writer.TryWrite(new Entry(message, null));

    /// <summary>Hands one to the connection before it returns, unless the connection can't take it now.</summary>
    public void WriteNow(StompMessage message) => _ = WriteBatchAsync([message]);

    /// <summary>Completes when all acks that were added before have been handed to the connection.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_channel.Writer.TryWrite(new Entry(null, flushed)))
        {
            await flushed.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        await _loop;
    }

    private async Task WriteAsync()
    {
        var messages = new List<StompMessage>(MostAtOnce);
        var flushes = new List<TaskCompletionSource>();
        while (await _channel.Reader.WaitToReadAsync())
        {
            while (messages.Count < MostAtOnce && _channel.Reader.TryRead(out var entry))
            {
                if (entry.Message is { } message)
                {
                    messages.Add(message);
                }

                if (entry.Flushed is { } flushed)
                {
                    flushes.Add(flushed);
                }
            }

            await WriteBatchAsync(messages);
            flushes.ForEach(f => f.TrySetResult());
            messages.Clear();
            flushes.Clear();
        }
    }

    private async Task WriteBatchAsync(List<StompMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        try
        {
            await _client.AckAsync(messages, CancellationToken.None);
            messages.ForEach(static _ => FailPoints.Pass(Boundary.Acked));
        }
        catch (Exception e)
        {
            // An ack that can't be written is no loss: the broker delivers again and the ledger knows the delivery. The loop
            // must go on, or no later ack would ever leave.
            LogNotAcked(e, messages.Count);
        }
    }

    [LoggerMessage(1010, LogLevel.Debug, "{Count} acks could not be written; their deliveries will come again")]
    private partial void LogNotAcked(Exception error, int count);

    private readonly record struct Entry(StompMessage? Message, TaskCompletionSource? Flushed);
}
