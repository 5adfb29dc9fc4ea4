using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>Changes that the ledger refuses for good end a run with nothing settled; the agent takes the request up again by itself.</summary>
public sealed class FailedRunTests : IDisposable
{
    private static readonly RequestId Id = new("r");
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_run_whose_start_could_not_be_stored_frees_its_slot_and_is_offered_again()
    {
        await using var room = await Room.StartAsync(_state);
        await RefuseAsync(room, WorkState.Starting);
        await room.AcceptAsync("k", "r");
        await room.AcceptAsync("other", "s");
        await FreeAsync(room);
        Assert.Empty(room.Runner.Started);
        Assert.Equal("queued", room.Row(Id).State);

        await AllowAsync(room);
        await SettledAsync(room);

        Assert.Equal(["r", "s"], room.Runner.Started.Select(s => s.RequestId.Value).Order(StringComparer.Ordinal));
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "they are counted once");
    }

    [Fact]
    public async Task A_run_whose_end_could_not_be_stored_is_recovered_without_a_restart()
    {
        await using var room = await Room.StartAsync(_state);
        await RefuseAsync(room, WorkState.Settled);
        await room.AcceptAsync("k", "r");
        await FreeAsync(room);
        Assert.Single(room.Runner.Started);

        // As often as it fails.
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(Recovery.TryAgain / 2);
                return room.Runner.Started.Count == 2;
            },
            "it runs again");
        await FreeAsync(room);
        await AllowAsync(room);
        await SettledAsync(room);

        Assert.Equal(Outcome.Ok, room.Row(Id).Outcome);
        await Eventually.HoldsAsync(() => room.View.Counts is { Queued: 0, Running: 0 }, "it is counted once");
        await room.PublishedAsync(1);
        Assert.Single(room.Bus.Settlements);
    }

    [Fact]
    public async Task What_must_not_be_repeated_is_not_when_its_end_could_not_be_stored()
    {
        var handler = new FakeHandler("fetch");
        handler.Template = handler.Template with { Recovery = RecoveryPolicy.Report };
        var reattachment = new FoundReattachment();
        await using var room = await Room.StartAsync(_state, handler: handler, reattachment: reattachment);
        await RefuseAsync(room, WorkState.Settled);
        await room.AcceptAsync("k", "r");
        await FreeAsync(room);
        Assert.Single(room.Runner.Started);

        // The look finds the end, which can't be stored either; the next one can.
        await Eventually.HoldsAsync(
            () =>
            {
                room.Time.Advance(Recovery.TryAgain / 2);
                return reattachment.Looks > 0;
            },
            "it is looked for");
        await FreeAsync(room);
        await AllowAsync(room);
        await SettledAsync(room);

        Assert.Equal((Outcome.Ok, 1), (room.Row(Id).Outcome, room.Row(Id).Attempts));
        Assert.Single(room.Runner.Started);
    }

    private static async Task RefuseAsync(Room room, WorkState state) => await room.Ledger.Writer.DoAsync(new SqlOperation(
        $"CREATE TRIGGER refuse BEFORE UPDATE ON work WHEN NEW.state = {(int)state} BEGIN SELECT RAISE(ABORT, 'refused'); END"));

    private static async Task AllowAsync(Room room) => await room.Ledger.Writer.DoAsync(new SqlOperation("DROP TRIGGER refuse"));

    private static Task FreeAsync(Room room) =>
        Eventually.HoldsAsync(() => room.Time.ArmedTimers > 0 && room.View.Counts.Running == 0, "the slots are free and a later try waits");

    private static Task SettledAsync(Room room) => Eventually.HoldsAsync(
        () =>
        {
            room.Time.Advance(Recovery.TryAgain / 2);
            return room.View.Counts.Running == 0 && room.Row(Id).State == "settled";
        },
        "it is settled");

    private sealed class FoundReattachment : IReattachment
    {
        private int _looks;

        public int Looks => Volatile.Read(ref _looks);

        public Task<RunResult?> ReattachAsync(RunContext context, RunningProcess? process, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            return Task.FromResult<RunResult?>(FakeRunner.Ok);
        }

        public Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<int>>([]);

        public bool IsOfThisBoot(RunningProcess process) => true;
    }
}
