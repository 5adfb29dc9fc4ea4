using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Hosting.Systemd;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting.Systemd;

public sealed class ServiceWatchTests : IDisposable
{
    private const string More = "EXTEND_TIMEOUT_USEC=30000000";

    private readonly NotifySocket _socket = new();
    private readonly FakeTime _time = new();
    private readonly Mock<IDeliverySource> _source = new();
    private readonly Mock<IMessageBus> _bus = new();
    private readonly Mock<IWorkView> _work = new();
    private readonly OperationalState _state = new();
    private readonly RunningTable _running = new();
    private readonly List<OwnPing> _asked = [];
    private readonly ServiceNotice _notice;
    private readonly ServiceWatch _watch;

    public ServiceWatchTests()
    {
        _source.Setup(s => s.LoopTurns).Returns(true);
        _source.Setup(s => s.TryInject(It.IsAny<Delivery>())).Callback((Delivery d) => _asked.Add((OwnPing)d.Token)).Returns(true);
        _bus.Setup(b => b.State).Returns(new BusState(true, "broker:61612", DateTimeOffset.UnixEpoch, ""));
        _work.Setup(w => w.Counts).Returns(new WorkCounts(3, 2, 1, null));
        _notice = new ServiceNotice(
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _socket.Name, ["WATCHDOG_USEC"] = "8000000" }, Environment.ProcessId);
        var line = CommandLine.Parse(["--config", Path.Combine(Repository.Root, "agents", "prodops.toml"), "--set", "agent.state_dir=/nowhere"]);
        var status = new ServiceStatus(Startup.Read(line, new Dictionary<string, string>()).Options!, _state, _work.Object, _bus.Object);
        _watch = new ServiceWatch(_notice, status, _source.Object, _running, _time, NullLogger<ServiceWatch>.Instance);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _notice.Dispose();
        _socket.Dispose();
    }

    [Fact]
    public void Until_the_ledger_is_there_it_asks_for_time_and_then_says_once_that_it_is_ready()
    {
        _watch.Look();
        Assert.Equal([More, "STATUS=STARTING; consuming /queue/epicprod.ops from broker:61612; 2 running, 3 queued, 1 in doubt"], _socket.Take());
        Assert.Empty(_asked);

        _state.Started();
        _watch.Ready();
        var told = _socket.Take();
        Assert.Equal("READY=1", told[0]);
        Assert.StartsWith("STATUS=PROCESSING; ", told[1], StringComparison.Ordinal);

        _watch.Look();
        Assert.Empty(_socket.Take());
    }

    [Fact]
    public void The_keep_alive_is_sent_by_the_answer_to_its_ping_and_by_nothing_else()
    {
        _watch.Ready();
        _socket.Take();
        var ping = Assert.Single(_asked);

        // Dispatch hangs: nothing more is asked, and nothing is sent.
        _watch.Look();
        Assert.Single(_asked);
        Assert.Empty(_socket.Take());

        ping.Answered();
        Assert.Equal(["WATCHDOG=1"], _socket.Take());
        _watch.Look();
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public void A_connection_loop_that_hangs_stops_the_keep_alive_and_a_broker_that_is_away_does_not()
    {
        _bus.Setup(b => b.State).Returns(new BusState(false, "broker:61612", DateTimeOffset.UnixEpoch, "refused\nSTATUS=forged"));
        _watch.Ready();
        Assert.Contains("STATUS=STARTING; no broker at broker:61612 since 1970-01-01 00:00:00Z (refused?STATUS=forged); 2 running, 3 queued, 1 in doubt", _socket.Take());
        _asked[^1].Answered();
        Assert.Equal(["WATCHDOG=1"], _socket.Take());

        _source.Setup(s => s.LoopTurns).Returns(false);
        _watch.Look();
        _asked[^1].Answered();
        Assert.Empty(_socket.Take());
    }

    [Fact]
    public void The_beat_comes_twice_in_half_the_watchdog_s_limit() => Assert.Equal(TimeSpan.FromSeconds(2), _watch.Beat);

    [Fact]
    public void While_it_drains_it_asks_for_time_however_long_that_may_take_and_beyond_it_for_what_runs_on()
    {
        _watch.Ready();
        _state.Draining();
        _watch.Stopping(TimeSpan.FromSeconds(120));
        var told = _socket.Take();
        Assert.Contains("STOPPING=1", told);
        Assert.Contains(More, told);

        // Beyond the unit's TimeoutStopSec=90, with nothing that must finish.
        _time.Advance(TimeSpan.FromSeconds(119));
        _watch.Look();
        Assert.Equal([More], _socket.Take());

        // A doer that was ended and has a long grace, and one that must finish.
        using var ended = Run("a", RecoveryPolicy.Rerun, DrainPolicy.Requeue);
        using var finishing = Run("b", RecoveryPolicy.Report, DrainPolicy.Finish);
        ended.Drain();
        _time.Advance(TimeSpan.FromMinutes(5));
        _watch.Look();
        Assert.Equal([More], _socket.Take());
        finishing.IsOver = true;
        _watch.Look();
        Assert.Equal([More], _socket.Take());

        _watch.Ready();
        Assert.DoesNotContain("READY=1", _socket.Take());
    }

    [Fact]
    public void A_stop_that_hangs_beyond_its_drain_with_nothing_that_runs_asks_for_no_more_time()
    {
        _watch.Ready();
        _watch.Stopping(TimeSpan.FromSeconds(30));
        using var waiting = new RunningWork(new RequestId("its start waits for the ledger"));
        waiting.Describe(RecoveryPolicy.Report, DrainPolicy.Finish);
        Assert.True(_running.TryAdd(waiting));
        using var over = Run("b", RecoveryPolicy.Rerun, DrainPolicy.Requeue);
        over.IsOver = true;
        _socket.Take();

        _time.Advance(TimeSpan.FromSeconds(61));
        _watch.Look();
        Assert.Empty(_socket.Take());
    }

    [Fact]
    public void A_stop_that_systemd_could_not_be_told_of_is_told_on_the_first_beat_that_it_takes_and_once()
    {
        _watch.Ready();
        while (_notice.TrySend("X=1"))
        {
            // Until its queue is full.
        }

        _watch.Stopping(TimeSpan.FromSeconds(30));
        _watch.Look();
        Assert.DoesNotContain("STOPPING=1", _socket.Take());

        _watch.Ready();
        Assert.Equal("STOPPING=1", _socket.Take()[0]);
        _watch.Stopping(TimeSpan.FromSeconds(30));
        _watch.Look();
        Assert.Equal([More, More], _socket.Take());
    }

    private RunningWork Run(string id, RecoveryPolicy recovery, DrainPolicy onDrain)
    {
        var work = new RunningWork(new RequestId(id));
        work.Describe(recovery, onDrain);
        work.HasBegun = true;
        Assert.True(_running.TryAdd(work));
        return work;
    }
}
