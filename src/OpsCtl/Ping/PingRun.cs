using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OpsAgent.OpsCtl.Bus;

namespace OpsAgent.OpsCtl.Ping;

/// <summary>
/// Sends pings one at a time and measures each round trip. A pong carries nothing that names its ping, so a pong that comes
/// after its limit could be taken for the next one's: after every loss the replies go to a new queue.
/// </summary>
internal sealed class PingRun(IOpsBus bus, PingPlan plan, TimeProvider time)
{
    private readonly List<double> _samples = new(Math.Clamp(plan.Count, 16, 1_000_000));
    private TaskCompletionSource<Pong>? _waiting;
    private IAsyncDisposable? _subscription;
    private BusRequest _ping = new("", default);
    private int _generation;

    /// <summary>Sent and either answered or lost; one that Ctrl-C cut off is neither.</summary>
    public int Sent { get; private set; }

    public int Lost { get; private set; }

    public IReadOnlyCollection<double> Samples => _samples;

    /// <summary>Runs until the count is reached or it is cancelled, which is a normal end.</summary>
    /// <param name="onSent">Told of each ping when it is on its way.</param>
    /// <param name="onPing">Told of each ping after it was measured; a null pong is a loss.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task RunAsync(Action<int> onSent, Action<int, Pong?> onPing, CancellationToken cancellationToken)
    {
        try
        {
            await RenewReplyQueueAsync();
            for (var number = 1; plan.Count == 0 || number <= plan.Count; number++)
            {
                // An answer that is there at once is never waited for, and with it no end is ever seen.
                cancellationToken.ThrowIfCancellationRequested();
                var started = time.GetTimestamp();
                onSent(number);
                var pong = await OnceAsync(cancellationToken);
                onPing(number, pong);
                var rest = plan.Interval - time.GetElapsedTime(started);
                if (rest > TimeSpan.Zero && number != plan.Count)
                {
                    await Task.Delay(rest, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: what was measured so far is the result.
        }
        finally
        {
            if (_subscription is not null)
            {
                await _subscription.DisposeAsync();
            }
        }
    }

    private async Task<Pong?> OnceAsync(CancellationToken cancellationToken)
    {
        var waiting = new TaskCompletionSource<Pong>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _waiting, waiting);
        var started = time.GetTimestamp();
        try
        {
            await bus.SendAsync(_ping, cancellationToken);
            var pong = await waiting.Task.WaitAsync(plan.Timeout, time, cancellationToken);
            var elapsed = time.GetElapsedTime(started, pong.Timestamp).TotalMilliseconds;
            _samples.Add(elapsed);
            Sent++;
            return pong with { Milliseconds = elapsed };
        }
        catch (TimeoutException)
        {
            Sent++;
            Lost++;
            await RenewReplyQueueAsync();
            return null;
        }
    }

    [MemberNotNull(nameof(_subscription))]
    private async Task RenewReplyQueueAsync()
    {
        var generation = ++_generation;
        var replyTo = generation == 1 ? plan.ReplyTo : $"{plan.ReplyTo}.{generation}";
        var before = _subscription;
        _subscription = bus.Subscribe(replyTo, message => OnPong(message, generation));

        // It is of no use to anybody after its limit; the minute is for clocks that differ.
        _ping = new BusRequest(plan.Queue, Body(replyTo), plan.Timeout + TimeSpan.FromMinutes(1));
        if (before is not null)
        {
            await before.DisposeAsync();
        }
    }

    /// <summary>On the receiving thread: the time is taken first.</summary>
    private void OnPong(BusMessage message, int generation)
    {
        var timestamp = time.GetTimestamp();
        if (generation == Volatile.Read(ref _generation))
        {
            Volatile.Read(ref _waiting)?.TrySetResult(new Pong(timestamp, message.Body, 0));
        }
    }

    private byte[] Body(string replyTo)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("msg_type", "health_ping");
            writer.WriteString("namespace", plan.Namespace);
            writer.WriteString("reply_to", replyTo);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

/// <summary>An answer.</summary>
/// <param name="Timestamp">Of the clock, when it came.</param>
/// <param name="Body">As it came.</param>
/// <param name="Milliseconds">The round trip.</param>
internal readonly record struct Pong(long Timestamp, ReadOnlyMemory<byte> Body, double Milliseconds);
