using OpsAgent.Abstractions;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Work;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

/// <summary>An agent that stops while a slow monitor is being told of a record.</summary>
public sealed class RecordDrainTests : IDisposable
{
    private static readonly TimeSpan Flush = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1.5);

    private readonly TemporaryState _state = new();
    private readonly FakeMonitor _monitor = new();

    public void Dispose()
    {
        _monitor.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task A_record_that_a_slow_monitor_is_taking_is_not_sent_again_by_the_next_start()
    {
        var answered = new TaskCompletionSource();
        _monitor.Until = answered.Task;
        await using (var room = await TellingAsync())
        {
            var drain = await DrainBeyondTheFlushAsync(room);
            answered.SetResult();
            await drain.WaitAsync(Eventually.Limit);
        }

        await using var next = await StartAsync();
        await next.AcceptAsync("b");
        await Eventually.HoldsAsync(() => _monitor.Count == 2 && next.Records.Outbox.Depth == 0, "the next record");
        Assert.Equal(["act thing:a ok", "act thing:b ok"], _monitor.Bodies.Select(static b => (string?)b["message"]));
    }

    [Fact]
    public async Task A_monitor_that_hangs_holds_up_no_stop_beyond_its_limit_and_its_record_is_kept()
    {
        _monitor.Answer = static _ => null;
        await using var room = await TellingAsync();
        var drain = await DrainBeyondTheFlushAsync(room);
        Assert.False(drain.IsCompleted);
        room.Time.Advance(Rest);
        await drain.WaitAsync(Eventually.Limit);

        Assert.Equal(1L, Sql.Scalar(_state, "SELECT count(*) FROM rest_outbox"));
    }

    [Fact]
    public async Task A_ledger_that_was_locked_in_between_brings_no_count_of_what_waits_back()
    {
        await using var room = await TellingAsync();
        await Eventually.HoldsAsync(() => room.Records.Outbox.Depth == 0, "nothing waits");
        using (var other = Sql.Open(_state))
        {
            Sql.Run(other, "BEGIN IMMEDIATE");
            var accept = room.AcceptAsync("b");
            await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "the file is locked");
            Sql.Run(other, "ROLLBACK");
            await accept;
        }

        await Eventually.HoldsAsync(() => _monitor.Count == 2, "the monitor is told of the second");
        await Eventually.HoldsAsync(() => room.Outbox.Depth == 0 && room.Records.Outbox.Depth == 0, "nothing waits again");
        await room.Work.DrainAsync(TimeSpan.FromSeconds(30), CancellationToken.None).WaitAsync(Eventually.Limit);
    }

    private static FakeHandler Recording() => new("fetch")
    {
        OnConclude = static (message, result) => new Conclusion(result.Outcome, result.Reason, [])
        {
            Record = new ActionRecord { Action = "act", SubjectType = "thing", SubjectKey = message.Text("key") },
        },
    };

    /// <summary>Begins a stop, and goes to where no further record would be begun and only the one under way is waited for.</summary>
    private static async Task<Task> DrainBeyondTheFlushAsync(Room room)
    {
        var drain = room.Work.DrainAsync(Flush + Rest, CancellationToken.None);
        await Eventually.HoldsAsync(() => room.Time.UntilNext == Flush, "it waits for the records");
        room.Time.Advance(Flush);
        await Eventually.HoldsAsync(() => room.Time.UntilNext == Rest, "it waits for the record under way");
        return drain;
    }

    private Task<Room> StartAsync() => Room.StartAsync(_state, handler: Recording(), monitor: FakeMonitor.Options, transport: _monitor);

    private async Task<Room> TellingAsync()
    {
        var room = await StartAsync();
        await room.AcceptAsync("a");
        await Eventually.HoldsAsync(() => _monitor.Count == 1 && room.Outbox.Depth == 0, "the monitor is told");
        return room;
    }
}
