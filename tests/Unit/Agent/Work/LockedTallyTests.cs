using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>What the writer counts, when another program has the file and a transaction can't even begin.</summary>
public sealed class LockedTallyTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_lock_after_a_delete_takes_it_back_from_no_count()
    {
        await using var room = await StartAsync();
        await SettleAsync(room, "a");
        Assert.Equal(2, room.Outbox.Depth);
        await room.Ledger.DeleteAsync([1]);

        await LockedAsync(room, () => room.Ledger.DeleteAsync([2]));

        Assert.Equal(0, room.Outbox.Depth);
        Assert.True(room.Outbox.WhenEmptyAsync().IsCompleted);
    }

    [Fact]
    public async Task A_lock_after_a_settlement_takes_it_back_from_no_count()
    {
        await using var room = await StartAsync();
        await SettleAsync(room, "a");

        await LockedAsync(room, () => SettleAsync(room, "b"));

        Assert.Equal(4, room.Outbox.Depth);
        Assert.Equal(4L, Sql.Scalar(_state, "SELECT count(*) FROM outbox"));
    }

    [Fact]
    public async Task A_lock_after_a_record_takes_it_back_from_no_count()
    {
        await using var room = await StartAsync();
        Assert.True(room.Ledger.PostCall(Call));
        await Eventually.HoldsAsync(() => room.Records.Outbox.Depth == 1, "it is stored");

        await LockedAsync(room, () => room.Ledger.DeleteCallAsync(1));

        Assert.Equal(0, room.Records.Outbox.Depth);
        Assert.True(room.Records.Outbox.WhenEmptyAsync().IsCompleted);
    }

    private static RestRow Call => new() { Url = "/a", Body = "{}"u8.ToArray(), CreatedAt = 1 };

    /// <summary>Nothing leaves the outbox but what a test deletes.</summary>
    private async Task<Room> StartAsync()
    {
        var room = await Room.StartAsync(_state, bus: new FakeBus(connected: false));
        _ = room.Lanes.StopAsync();
        return room;
    }

    /// <summary>Two messages: that it is settled, and the event.</summary>
    private static async Task SettleAsync(Room room, string id)
    {
        var message = room.Message(id, id);
        await room.AcceptAsync(message);
        await room.View.CancelAsync(message.RequestId, force: false, "a test", default);
    }

    private async Task LockedAsync(Room room, Func<Task> change)
    {
        using var other = Sql.Open(_state);
        Sql.Run(other, "BEGIN IMMEDIATE");
        var changed = change();
        await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "the file is locked");
        Sql.Run(other, "ROLLBACK");
        await changed;
    }
}
