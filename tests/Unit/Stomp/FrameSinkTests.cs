using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Connection;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class FrameSinkTests
{
    [Fact]
    public async Task A_frame_is_one_write_and_what_comes_while_it_is_written_leaves_in_the_next()
    {
        await using var stream = new HeldStream();
        var sink = new FrameSink(stream, 1000, new FakeTime(), (_, _) => { });

        await WriteAsync(sink, "a");
        await WriteAsync(sink, "b");
        await WriteAsync(sink, "c");
        Assert.Equal(["a"], stream.Writes);
        stream.Release();
        await Eventually.HoldsAsync(() => stream.Writes.Count == 2, "the second write");

        Assert.Equal(["a", "bc"], stream.Writes);
    }

    [Fact]
    public async Task Whoever_finds_too_much_unsent_waits_and_may_give_up()
    {
        await using var stream = new HeldStream();
        var sink = new FrameSink(stream, 10, new FakeTime(), (_, _) => { });
        await WriteAsync(sink, "taken by the stream");
        await WriteAsync(sink, "more than ten bytes");

        var waiting = WriteAsync(sink, "waits").AsTask();
        using var stop = new CancellationTokenSource();
        var givesUp = WriteAsync(sink, "gives up", stop.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp);

        stream.Release();
        await waiting.WaitAsync(Eventually.Limit);
        stream.Release();
        await Eventually.HoldsAsync(() => stream.Writes.Contains("waits"), "the frame that waited");
        Assert.DoesNotContain("gives up", string.Concat(stream.Writes));
    }

    [Fact]
    public async Task Whoever_waits_for_room_is_told_of_the_end()
    {
        await using var stream = new HeldStream();
        var sink = new FrameSink(stream, 1, new FakeTime(), (_, _) => { });
        await WriteAsync(sink, "a");
        await WriteAsync(sink, "b");
        var waiting = WriteAsync(sink, "c").AsTask();

        sink.End("gone");

        Assert.Contains("gone", (await Assert.ThrowsAsync<StompNotConnectedException>(() => waiting.WaitAsync(Eventually.Limit))).Message);
    }

    [Fact]
    public async Task A_write_that_fails_is_reported_once()
    {
        await using var stream = new HeldStream { Failure = new IOException("broken pipe") };
        var failures = new List<string>();
        var sink = new FrameSink(stream, 1000, new FakeTime(), (reason, _) => failures.Add(reason));

        await WriteAsync(sink, "a");
        stream.Release();

        await Eventually.HoldsAsync(() => failures.Count > 0, "the failure");
        Assert.Equal("could not write: broken pipe", Assert.Single(failures));
        await Assert.ThrowsAsync<StompNotConnectedException>(async () => await WriteAsync(sink, "b"));
    }

    [Fact]
    public async Task A_heart_beat_does_not_queue_behind_a_write_that_hangs()
    {
        await using var stream = new HeldStream();
        var sink = new FrameSink(stream, 1000, new FakeTime(), (_, _) => { });
        await WriteAsync(sink, "a");
        sink.PostHeartBeat();
        stream.Release();
        await Eventually.HoldsAsync(
            () =>
            {
                sink.PostHeartBeat();
                return stream.Writes.Count == 2;
            },
            "a heart-beat once nothing is on its way");

        Assert.Equal(["a", "\n"], stream.Writes);
    }

    private static ValueTask WriteAsync(FrameSink sink, string text, CancellationToken cancellationToken = default) => sink.WriteAsync(
        text,
        static (buffer, text) => buffer.Advance(Encoding.ASCII.GetBytes(text, buffer.GetSpan(text.Length))),
        cancellationToken);

    /// <summary>Holds each write until it is released.</summary>
    private sealed class HeldStream : MemoryStream
    {
        private readonly Lock _gate = new();
        private readonly List<string> _writes = [];
        private readonly SemaphoreSlim _released = new(0);

        public Exception? Failure { get; init; }

        public IReadOnlyList<string> Writes
        {
            get
            {
                lock (_gate)
                {
                    return [.. _writes];
                }
            }
        }

        public void Release() => _released.Release();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                _writes.Add(Encoding.ASCII.GetString(buffer.Span));
            }

            await _released.WaitAsync(cancellationToken);
            if (Failure is not null)
            {
                throw Failure;
            }
        }

        protected override void Dispose(bool disposing)
        {
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
