using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Events;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Work;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Events;

public sealed class OutboxPumpTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly FakeBus _bus = new();
    private readonly OutboxGauge _gauge;
    private readonly OutboxAges _ages;
    private readonly FakeStore _store;
    private readonly EventsOptions _options = new();
    private OutboxPump? _pump;

    public OutboxPumpTests()
    {
        _gauge = new OutboxGauge(_time);
        _ages = new OutboxAges(_time);
        _store = new FakeStore(_gauge, _ages, _time);
    }

    [Fact]
    public async Task Rows_are_published_in_order_and_forgotten()
    {
        _store.Add(1_000);
        Start();
        await EmptyAsync();

        Assert.Equal(Enumerable.Range(1, 1_000).Select(i => (long)i), ArrivedIds());
        Assert.All(_bus.Arrived, m => Assert.True(m.Persistent));
        Assert.Equal(1_000, _gauge.Published);
        _store.Add(1);
        await EmptyAsync();
        Assert.Equal(1_001, ArrivedIds().Last());
    }

    [Fact]
    public async Task At_most_so_many_are_in_flight()
    {
        var most = 0;
        var inFlight = 0;
        var go = new TaskCompletionSource();
        _options.MaxInFlight = 10;
        _bus.OnSend = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            await go.Task;
            Interlocked.Decrement(ref inFlight);
        };
        _store.Add(100);
        Start();
        await Eventually.HoldsAsync(() => Volatile.Read(ref inFlight) == 10, "ten are in flight");
        go.SetResult();
        await EmptyAsync();

        Assert.Equal(10, most);
    }

    [Fact]
    public async Task What_was_not_confirmed_when_the_connection_was_lost_is_sent_again_and_the_rest_is_not()
    {
        var broker = new ConcurrentQueue<long>();
        _bus.OnSend = (message, number) =>
        {
            broker.Enqueue(IdOf(message));

            // Of the first hundred, every seventh arrives and its confirmation is lost.
            return number <= 100 && number % 7 == 0 ? Task.FromException(new BusUnavailableException("connection lost")) : Task.CompletedTask;
        };
        _store.Add(300);
        Start();
        await EmptyAsync(advance: true);

        Assert.Equal(Enumerable.Range(1, 300).Select(i => (long)i), broker.Distinct().Order());
        Assert.Equal(300, _bus.Arrived.Count);
        Assert.InRange(broker.Count, 301, 330);
    }

    [Fact]
    public async Task A_destination_that_the_broker_refuses_holds_up_no_other_and_is_tried_again_later()
    {
        var refuses = true;
        _bus.OnSend = (message, _) => refuses && message.Persistent
            ? Task.FromException(new BusUnavailableException("connection lost") { Refusal = "not authorized to write" })
            : Task.CompletedTask;
        _store.Add(3);
        _store.Add(4, persistent: false);
        Start();
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(200));
                return _bus.Arrived.Count == 4;
            },
            "what goes elsewhere arrives");
        Assert.InRange(_bus.Sent, 5, 7);

        refuses = false;
        _time.Advance(TimeSpan.FromMinutes(1));
        await EmptyAsync(advance: true);

        Assert.Equal(7, _bus.Arrived.Count);
        Assert.Equal(0, _gauge.Refused);
    }

    [Fact]
    public async Task Settlements_to_a_destination_that_the_broker_refuses_are_dropped_and_counted()
    {
        _bus.OnSend = (message, _) => message.Persistent
            ? Task.CompletedTask
            : Task.FromException(new BusUnavailableException("connection lost") { Refusal = "not authorized to write" });
        _store.Add(4, persistent: false);
        _store.Add(3);
        Start();
        await EmptyAsync(advance: true);

        Assert.Equal(3, _bus.Arrived.Count);
        Assert.Equal(4, _gauge.Refused);
        Assert.InRange(_gauge.SinceDropped ?? TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.InRange(_bus.Sent, 4, 7);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_waited_for_and_repeated_losses_are_taken_calmly()
    {
        _bus.SetConnected(false);
        _store.Add(5);
        Start();
        _bus.OnSend = (_, number) => number <= 20 ? Task.FromException(new BusUnavailableException("again")) : Task.CompletedTask;
        Assert.Equal(0, _bus.Sent);
        _bus.SetConnected(true);
        await Eventually.HoldsAsync(() => _time.ArmedTimers > 0, "it pauses");
        var sent = _bus.Sent;
        Assert.InRange(sent, 1, 10);
        await EmptyAsync(advance: true);
        Assert.Equal(5, _bus.Arrived.Count);
    }

    [Fact]
    public async Task Page_events_and_settlements_too_old_to_be_of_use_are_dropped_and_counted()
    {
        _bus.SetConnected(false);
        _store.Add(3);
        _store.Add(4, persistent: false);
        _time.Advance(TimeSpan.FromMinutes(11));
        _store.Add(2);
        Start();
        _bus.SetConnected(true);
        await EmptyAsync();

        Assert.Equal([8, 9], ArrivedIds());
        Assert.Equal(7, _gauge.Expired);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_clock_that_leaps_makes_nothing_older_or_younger(int days)
    {
        _bus.SetConnected(false);
        _store.Add(1);
        _store.Add(1, persistent: false);
        _time.Jump(TimeSpan.FromDays(days));
        _time.Advance(TimeSpan.FromMinutes(6));
        _store.Add(1);
        _store.Add(1, persistent: false);
        _time.Jump(TimeSpan.FromDays(-days));
        _time.Advance(TimeSpan.FromMinutes(6));
        Start();
        _bus.SetConnected(true);
        await EmptyAsync();

        Assert.Equal([3, 4], ArrivedIds());
        Assert.Equal(2, _gauge.Expired);
        Assert.Equal([null, _time.GetUtcNow() + TimeSpan.FromMinutes(4)], _bus.Arrived.Select(m => m.ExpiresAt));
    }

    [Fact]
    public async Task Of_what_an_earlier_agent_has_left_the_wall_clock_tells_the_age()
    {
        _store.TellsAges = false;
        _store.Add(2);
        _store.Add(2, persistent: false);
        _time.Jump(TimeSpan.FromMinutes(11));
        _store.TellsAges = true;
        _store.Add(1);
        Start();
        await EmptyAsync();

        Assert.Equal([5], ArrivedIds());
        Assert.Equal(4, _gauge.Expired);
    }

    [Fact]
    public async Task Confirmed_rows_are_not_sent_again_while_their_deletion_waits_for_the_ledger()
    {
        var ledger = new TaskCompletionSource();
        _store.OnDelete = () => ledger.Task;
        _store.Add(50);
        var losses = 0;
        _bus.OnSend = (_, number) => number == 50 && losses++ == 0
            ? Task.FromException(new BusUnavailableException("lost"))
            : Task.CompletedTask;
        Start();
        await Eventually.HoldsAsync(() => _bus.Arrived.Count == 50, "all are confirmed");
        Assert.Equal(51, _bus.Sent);
        ledger.SetResult();
        await EmptyAsync();
        Assert.Equal(51, _bus.Sent);
    }

    [Fact]
    public async Task A_ledger_that_can_not_be_read_for_a_while_does_not_end_the_publishing()
    {
        var fails = 3;
        _store.OnRead = () => fails-- > 0 ? throw new IOException("disk") : 0;
        _store.Add(5);
        Start();
        await EmptyAsync(advance: true);
        Assert.Equal(5, _bus.Arrived.Count);
    }

    [Fact]
    public async Task Depth_and_age_are_seen()
    {
        _bus.SetConnected(false);
        Assert.Null(_gauge.OldestAt);
        var at = _time.GetUtcNow();
        _store.Add(3);
        Start();
        Assert.Equal((3, at), (_gauge.Depth, _gauge.OldestAt));
        _bus.SetConnected(true);
        await EmptyAsync();
        Assert.Null(_gauge.OldestAt);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pump is not null)
        {
            await _pump.DisposeAsync();
        }

        _gauge.Dispose();
    }

    private static long IdOf(OutgoingMessage message) => System.Text.Json.JsonElement.Parse(message.Body.Span).GetProperty("id").GetInt64();

    private IEnumerable<long> ArrivedIds() => _bus.Arrived.Select(IdOf);

    private void Start()
    {
        _pump = new OutboxPump(_store, _bus, _gauge, _ages, Options.Create(_options), _time, NullLogger<OutboxPump>.Instance);
        _pump.Start();
    }

    private Task EmptyAsync(bool advance = false) => Eventually.HoldsAsync(
        () =>
        {
            if (advance && _time.ArmedTimers > 0)
            {
                // Only while somebody waits for it: a pump that gets no turn must not find its rows too old.
                // Pauses between losses add up to more than a minute: in small steps a busy machine would not get through them.
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            return _gauge.Depth == 0;
        },
        "the outbox is empty");

    private sealed class FakeStore(OutboxGauge gauge, OutboxAges ages, FakeTime time) : IOutboxStore
    {
        private readonly SortedDictionary<long, OutboxRow> _rows = [];
        private long _last;

        /// <summary>False: what is added now was there before.</summary>
        public bool TellsAges { get; set; } = true;

        public Func<Task>? OnDelete { get; set; }

        public Func<int>? OnRead { get; set; }

        public void Add(int count, bool persistent = true)
        {
            lock (_rows)
            {
                TellAges();
                for (var i = 0; i < count; i++)
                {
                    var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                    _rows.Add(++_last, new OutboxRow
                    {
                        Id = _last,
                        EventId = $"e{_last}",
                        RequestId = $"r{_last}",
                        Destination = persistent ? "/topic/events" : "/topic/settled",
                        Body = System.Text.Encoding.UTF8.GetBytes($"{{\"id\":{_last}}}"),
                        Persistent = persistent,
                        ExpiresAt = persistent ? null : now + 600_000,
                        CreatedAt = now,
                    });
                }

                TellAges();
                Tell(added: true);
            }
        }

        public IReadOnlyList<OutboxRow> Read(long after, int limit)
        {
            OnRead?.Invoke();
            lock (_rows)
            {
                return [.. _rows.Values.Where(r => r.Id > after).Take(limit)];
            }
        }

        public async Task DeleteAsync(IReadOnlyList<long> ids)
        {
            if (OnDelete is { } onDelete)
            {
                await onDelete();
            }

            lock (_rows)
            {
                foreach (var id in ids)
                {
                    _rows.Remove(id);
                }

                Tell(added: false);
            }
        }

        private void TellAges()
        {
            if (TellsAges)
            {
                ages.Committed(_last);
            }
        }

        private void Tell(bool added) => gauge.Committed(_rows.Count, _rows.Values.FirstOrDefault()?.CreatedAt ?? 0, 0, added);
    }
}
