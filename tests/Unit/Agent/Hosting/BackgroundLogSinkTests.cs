using System.Collections.Concurrent;
using OpsAgent.Agent.Hosting;
using OpsAgent.Tests.Support;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class BackgroundLogSinkTests
{
    [Theory]
    [InlineData(10, 12_000, 10_000)]
    [InlineData(8_000, 2_000, 600)]
    public async Task While_its_target_stands_still_so_many_are_kept_and_the_others_are_counted_and_told(int length, int sent, int atMost)
    {
        using var target = new StillTarget();
        using var sink = new BackgroundLogSink(Over(target));
        using var log = Over(sink);
        log.Information("{Text}", "first");
        await Eventually.HoldsAsync(() => target.Entered, "the first is being written");

        var text = new string('x', length);
        for (var i = 0; i < sent; i++)
        {
            log.Information("{Text}", text);
        }

        Assert.InRange(sink.Dropped, sent - atMost, sent - atMost / 2);
        var dropped = sink.Dropped;
        target.Move();
        await Eventually.HoldsAsync(() => target.Lines.Count == sent - dropped + 2, () => $"{target.Lines.Count} of {sent - dropped + 2} lines");
        Assert.Equal($"{dropped} log events were dropped while the log could not be written", target.Lines.ElementAt(1));

        // What was written makes room again.
        log.Information("{Text}", text);
        await Eventually.HoldsAsync(() => target.Lines.Count == sent - dropped + 3, "one more");
        Assert.Equal(dropped, sink.Dropped);
    }

    [Fact]
    public async Task Its_end_does_not_wait_for_a_target_that_stands_still()
    {
        using var target = new StillTarget();
        var log = Over(new BackgroundLogSink(Over(target)));
        log.Information("first");
        await Eventually.HoldsAsync(() => target.Entered, "it is being written");

        await Task.Factory.StartNew(log.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(Eventually.Limit, TimeProvider.System);

        Assert.Empty(target.Lines);
    }

    private static Logger Over(ILogEventSink sink) => new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger();

    /// <summary>Takes nothing until it is told to.</summary>
    private sealed class StillTarget : ILogEventSink, IDisposable
    {
        private readonly object _gate = new();
        private bool _moves;
        private volatile bool _entered;

        public ConcurrentQueue<string> Lines { get; } = new();

        public bool Entered => _entered;

        public void Move()
        {
            lock (_gate)
            {
                _moves = true;
                System.Threading.Monitor.PulseAll(_gate);
            }
        }

        public void Emit(LogEvent logEvent)
        {
            _entered = true;
            lock (_gate)
            {
                while (!_moves)
                {
                    System.Threading.Monitor.Wait(_gate);
                }
            }

            Lines.Enqueue(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture).Trim('"'));
        }

        public void Dispose() => Move();
    }
}
