using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>A doer that must not run twice is gone and has told nothing; what it started lives on.</summary>
public sealed class OutlivedDoerTests : IDisposable
{
    private static readonly RequestId R = new("r");
    private readonly TemporaryState _state = new();
    private readonly FakeHandler _handler = new("fetch");
    private TemporaryState? _crashed;
    private RunResult _lookUp = FakeRunner.Exit(8);

    public OutlivedDoerTests() => _handler.Template = _handler.Template with
    {
        Recovery = RecoveryPolicy.Report,
        LookUps = [new LookUp(new FakePlan("look-up"), new Dictionary<int, Outcome> { [0] = Outcome.Ok })],
    };

    public void Dispose()
    {
        _crashed?.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task It_is_named_and_let_be_until_somebody_knows_what_became_of_it()
    {
        await using var room = await AgainAsync(mayHaveActed: true);

        Assert.Equal("doubt", room.Row(R).State);
        Assert.Contains("its doer is gone, and of what that started pid 815, 816 still lives", room.Row(R).Reason, StringComparison.Ordinal);
        Assert.Empty(room.Runner.LeftoversEnded);

        await room.Decisions.SettleAsync(R, Outcome.Error, "", "not there", "alice", CancellationToken.None);
        Assert.Equal([R], room.Runner.LeftoversEnded);
    }

    [Fact]
    public async Task It_is_ended_once_a_look_up_can_tell()
    {
        _lookUp = FakeRunner.Ok;
        await using var room = await AgainAsync(mayHaveActed: true);

        Assert.Equal(Outcome.Ok, room.Row(R).Outcome);
        await Eventually.HoldsAsync(() => !room.Runner.LeftoversEnded.IsEmpty, "what was left is ended");
        Assert.Single(room.Runner.Started, static s => s.IsLookUp);
    }

    [Fact]
    public async Task It_is_ended_before_it_is_said_that_nothing_was_done()
    {
        await using var room = await AgainAsync(mayHaveActed: false);

        Assert.Equal(Outcome.Error, room.Row(R).Outcome);
        Assert.StartsWith("nothing was done", room.Row(R).Reason, StringComparison.Ordinal);
        Assert.Contains(R, room.Runner.LeftoversEnded);
    }

    [Fact]
    public async Task One_that_acts_before_it_is_ended_is_in_doubt()
    {
        await using var room = await AgainAsync(mayHaveActed: false, actsAtTheEnd: true);

        Assert.Equal("doubt", room.Row(R).State);
    }

    private async Task<Room> AgainAsync(bool mayHaveActed, bool actsAtTheEnd = false)
    {
        _crashed = await CrashAsync();
        var room = await Room.StartAsync(_crashed, handler: _handler, reattachment: new Outlived(), before: r =>
        {
            r.Runner.OnRun = (_, _) => Task.FromResult(_lookUp);
            r.Runner.OnMayHaveActed = _ => mayHaveActed;
            r.Runner.OnEndLeftovers = () =>
            {
                mayHaveActed |= actsAtTheEnd;
                return Task.CompletedTask;
            };
        });
        await room.SettledAsync(R);
        return room;
    }

    private async Task<TemporaryState> CrashAsync()
    {
        await using var room = await Room.StartAsync(_state, handler: _handler);
        room.Runner.OnRun = FakeRunner.Forever;
        await room.AcceptAsync("k", R.Value);
        await Eventually.HoldsAsync(() => room.Row(R).State == "running", "it runs");
        return _state.Crash(room.Ledger.Writer);
    }

    private sealed class Outlived : IReattachment
    {
        public Task<RunResult?> ReattachAsync(RunContext context, RunningProcess? process, CancellationToken cancellationToken) =>
            Task.FromResult<RunResult?>(null);

        public Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<int>>([815, 816]);

        public bool IsOfThisBoot(RunningProcess process) => true;
    }
}
