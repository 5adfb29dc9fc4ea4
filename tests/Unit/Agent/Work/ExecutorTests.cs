using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class ExecutorTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_run_is_recorded_with_its_process_and_settled_with_its_event()
    {
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = (context, _) =>
        {
            context.Started!(new RunningProcess(4711, 99, "boot-1", "/doers/fake", "ab12"));
            return Task.FromResult(FakeRunner.Ok);
        };
        var message = room.Message("k", "caller-1");
        await room.AcceptAsync(message);
        await room.PublishedAsync(1);

        var row = room.Row(message.RequestId);
        Assert.Equal(("settled", Outcome.Ok, 1, 12L), (row.State, row.Outcome!.Value, row.Attempts, row.DurationMs!.Value));
        Assert.Equal((4711, "/doers/fake", "ab12", "wenaus"), (row.Pid!.Value, row.Program, row.ProgramHash, row.RequestedBy));
        var settlement = room.Bus.Settlements.Single();
        Assert.Equal("ok", settlement.GetProperty("outcome").GetString());
        Assert.Equal("wenaus", settlement.GetProperty("requested_by").GetString());
        Assert.Equal(12, settlement.GetProperty("duration_ms").GetInt64());
        Assert.False(settlement.TryGetProperty("survivors", out _));
        Assert.False(settlement.TryGetProperty("retry_of", out _));
        Assert.True(room.Bus.Bodies[1].GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_start_is_on_disk_before_the_runner_is_called()
    {
        await using var room = await Room.StartAsync(_state);
        object? state = null;
        room.Runner.OnRun = (_, _) =>
        {
            using var crash = _state.Crash(room.Ledger.Writer);
            state = Sql.Scalar(crash, "SELECT state FROM work");
            return Task.FromResult(FakeRunner.Ok);
        };
        var message = room.Message("k");
        await room.AcceptAsync(message);
        await room.SettledAsync(message.RequestId);

        Assert.Equal(1L, state);
    }

    [Fact]
    public async Task Exit_code_75_is_tried_again_after_30_s_three_times_and_keeps_its_key()
    {
        await using var room = await Room.StartAsync(_state);
        room.Runner.OnRun = (_, _) => Task.FromResult(FakeRunner.Exit(75) with { Reason = "the lock is held by pid 7" });
        var message = room.Message("k");
        await room.AcceptAsync(message);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Eventually.HoldsAsync(
                () => room.Runner.Started.Count == attempt && room.Time.ArmedTimers > 0 && room.Row(message.RequestId).State == "queued",
                $"attempt {attempt} is over");
            Assert.Equal(room.Time.GetUtcNow() + TimeSpan.FromSeconds(30), room.Row(message.RequestId).NotBefore);
            Assert.Equal("the lock is held by pid 7", room.Row(message.RequestId).Reason);
            Assert.Equal(AdmissionKind.Skipped, (await room.AcceptAsync("k")).Kind);
            room.Time.Advance(TimeSpan.FromSeconds(29));
            Assert.Equal(attempt, room.Runner.Started.Count);
            room.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await room.SettledAsync(message.RequestId);
        Assert.Equal([1, 2, 3, 4], room.Runner.Started.Select(s => s.Attempt));
        var row = room.Row(message.RequestId);
        Assert.Equal((Outcome.Error, 75, "gave up after 4 tries: the lock is held by pid 7"), (row.Outcome!.Value, row.ExitCode!.Value, row.Reason));
        Assert.Equal(AdmissionKind.Accepted, (await room.AcceptAsync("k")).Kind);
    }

    [Fact]
    public async Task A_try_that_is_due_at_once_is_not_lost()
    {
        await using var room = await Room.StartAsync(_state, work: o => (o.RetryDelay, o.MaxRetries) = (TimeSpan.Zero, 50));
        room.Runner.OnRun = (_, _) => Task.FromResult(FakeRunner.Exit(75));
        var messages = Enumerable.Range(0, 10).Select(i => room.Message($"k{i}")).ToList();
        await Task.WhenAll(messages.Select(m => room.AcceptAsync(m)));

        foreach (var message in messages)
        {
            await room.SettledAsync(message.RequestId);
        }

        Assert.Equal(510, room.Runner.Started.Count);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000_000)]
    public async Task A_timestamp_of_a_clock_that_is_ahead_neither_refuses_a_request_nor_keeps_it_young(int aheadMinutes)
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Lanes["fetch"] = 1);
        room.Handler.Template = room.Handler.Template with { MaxAge = TimeSpan.FromMinutes(15) };
        var ahead = room.Time.GetUtcNow() + TimeSpan.FromMinutes(aheadMinutes);
        var first = room.Message("a", "first", sentAt: ahead);
        var second = room.Message("b", "second", sentAt: ahead);
        var go = new TaskCompletionSource<RunResult>();
        room.Runner.OnRun = (_, _) => go.Task;
        await room.AcceptAsync(first);
        await room.AcceptAsync(second);
        await Eventually.HoldsAsync(() => room.Runner.Started.Count == 1, "the first runs");

        room.Time.Advance(TimeSpan.FromMinutes(16));
        go.SetResult(new RunResult { Outcome = Outcome.Ok, Ran = true });
        await room.SettledAsync(second.RequestId);

        Assert.Equal(Outcome.Ok, room.Row(first.RequestId).Outcome);
        Assert.Equal("expired after 900 s: sent 960 s before it could start", room.Row(second.RequestId).Reason);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(-24)]
    public async Task What_waits_here_grows_old_by_a_clock_that_nobody_sets(int hours)
    {
        await using var room = await Room.StartAsync(_state, work: o => o.Lanes["fetch"] = 1);
        room.Handler.Template = room.Handler.Template with { MaxAge = TimeSpan.FromMinutes(15) };
        var go = new TaskCompletionSource<RunResult>();
        room.Runner.OnRun = (_, _) => go.Task;
        await room.AcceptAsync("a", "first");
        await Eventually.HoldsAsync(() => room.Runner.Started.Count == 1, "the first runs");
        await room.AcceptAsync(room.Message("b", "old", sentAt: room.Time.GetUtcNow() - TimeSpan.FromMinutes(6)));
        room.Time.Jump(TimeSpan.FromHours(hours));
        await room.AcceptAsync(room.Message("c", "young", sentAt: room.Time.GetUtcNow() - TimeSpan.FromMinutes(4)));
        room.Time.Advance(TimeSpan.FromMinutes(10));
        room.Time.Jump(TimeSpan.FromHours(hours));

        go.SetResult(FakeRunner.Ok);
        await room.SettledAsync(new RequestId("old"));
        await room.SettledAsync(new RequestId("young"));

        Assert.Equal("expired after 900 s: sent 960 s before it could start", room.Row(new RequestId("old")).Reason);
        Assert.Equal(Outcome.Ok, room.Row(new RequestId("young")).Outcome);
    }

    [Fact]
    public async Task A_request_too_old_at_its_start_is_rejected_and_never_run()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.Template = room.Handler.Template with { MaxAge = TimeSpan.FromMinutes(15) };
        var old = room.Message("old", "old", sentAt: room.Time.GetUtcNow() - TimeSpan.FromMinutes(16));
        var young = room.Message("young", "young", sentAt: room.Time.GetUtcNow() - TimeSpan.FromMinutes(14));
        var undated = room.Message("undated", "undated");
        foreach (var message in (OpsMessage[])[old, young, undated])
        {
            await room.AcceptAsync(message);
            await room.SettledAsync(message.RequestId);
        }

        Assert.Equal(Outcome.Rejected, room.Row(old.RequestId).Outcome);
        Assert.Equal("expired after 900 s: sent 960 s before it could start", room.Row(old.RequestId).Reason);
        Assert.Equal(["young", "undated"], room.Runner.Started.Select(s => s.RequestId.Value));
        Assert.Contains(room.Handler.Concluded, c => c.Id == old.RequestId && c.Result.Outcome == Outcome.Rejected);
        await Eventually.HoldsAsync(() => room.View.Counts.Queued == 0, "nothing waits");
    }

    [Fact]
    public async Task A_request_that_its_handler_no_longer_takes_is_settled_as_an_error()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.OnHandle = _ => new Verdict.Refused("pandaid: is no id");
        var message = room.Message("k");
        await room.AcceptAsync(message);
        await room.SettledAsync(message.RequestId);

        Assert.Equal((Outcome.Error, "no longer valid: pandaid: is no id"), (room.Row(message.RequestId).Outcome!.Value, room.Row(message.RequestId).Reason));
        Assert.Empty(room.Runner.Started);
    }

    [Fact]
    public async Task Handlers_and_runners_that_throw_cost_one_request_each()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.OnHandle = m => m.Text("key") == "handle" ? throw new InvalidOperationException("boom") : new Verdict.Work(room.Handler.WorkOf(m));
        room.Handler.OnConclude = (m, r) => m.Text("key") == "conclude" ? throw new InvalidOperationException("boom") : new Conclusion(r.Outcome, r.Reason, []);
        room.Runner.OnRun = (c, _) => c.RequestId.Value == "run" ? throw new InvalidOperationException("boom") : Task.FromResult(FakeRunner.Ok);
        foreach (var id in (string[])["handle", "conclude", "run", "sound"])
        {
            await room.AcceptAsync(id, id);
            await room.SettledAsync(new RequestId(id));
        }

        Assert.Equal("no longer valid: its handler failed: boom", room.Row(new RequestId("handle")).Reason);
        Assert.Equal("its handler failed to conclude 'ok': boom", room.Row(new RequestId("conclude")).Reason);
        Assert.Equal("the runner failed: boom", room.Row(new RequestId("run")).Reason);
        Assert.Equal(
            [Outcome.Error, Outcome.Error, Outcome.Error, Outcome.Ok],
            ((string[])["handle", "conclude", "run", "sound"]).Select(i => room.Row(new RequestId(i)).Outcome!.Value));
        await Eventually.HoldsAsync(() => room.View.Counts.Running == 0, "all slots are free");
    }

    [Fact]
    public async Task A_plan_that_nothing_runs_is_an_error()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.Template = room.Handler.Template with { Plan = new DoerPlan { Program = "x", Timeout = TimeSpan.FromSeconds(1) } };
        var message = room.Message("k");
        await room.AcceptAsync(message);
        await room.SettledAsync(message.RequestId);

        Assert.Equal("nothing here runs a DoerPlan", room.Row(message.RequestId).Reason);
    }

    [Fact]
    public async Task An_unknown_outcome_is_published_once_and_keeps_its_key()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.Template = room.Handler.Template with { Recovery = RecoveryPolicy.Report };
        room.Handler.OnConclude = (_, _) => new Conclusion(Outcome.Unknown, "not known whether PanDA took it", []);
        var message = room.Message("k");
        await room.AcceptAsync(message);
        await room.PublishedAsync(1);

        Assert.Equal(("doubt", Outcome.Unknown), (room.Row(message.RequestId).State, room.Row(message.RequestId).Outcome!.Value));
        await Eventually.HoldsAsync(() => room.View.Counts.InDoubt == 1, "it is counted");
        Assert.Equal("unknown", room.Bus.Settlements.Single().GetProperty("outcome").GetString());
        var twin = await room.AcceptAsync("k");
        Assert.Equal((AdmissionKind.Skipped, message.RequestId), (twin.Kind, twin.DuplicateOf!.Value));
    }

    [Fact]
    public async Task Work_that_may_have_had_an_effect_is_in_doubt_when_its_handler_fails()
    {
        await using var room = await Room.StartAsync(_state);
        room.Handler.Template = room.Handler.Template with { Recovery = RecoveryPolicy.Report };
        room.Handler.OnConclude = (_, _) => throw new InvalidOperationException("boom");
        var message = room.Message("k");
        await room.AcceptAsync(message);
        await room.SettledAsync(message.RequestId);

        Assert.Equal("doubt", room.Row(message.RequestId).State);
    }

    [Fact]
    public async Task Work_is_taken_in_and_ended_while_the_ledger_is_locked_between()
    {
        await using var room = await Room.StartAsync(_state);
        var end = new TaskCompletionSource<RunResult>();
        room.Runner.OnRun = (_, _) => end.Task;
        var message = room.Message("k");
        await room.AcceptAsync(message);
        await Eventually.HoldsAsync(() => room.Runner.Running == 1, "it runs");
        using (var other = Sql.Open(_state))
        {
            Sql.Run(other, "BEGIN IMMEDIATE");
            end.SetResult(FakeRunner.Ok);
            await Eventually.HoldsAsync(() => !room.Ledger.CanCommit, "the file is locked");
            Assert.Equal(0, room.Bus.Sent);
            Sql.Run(other, "ROLLBACK");
        }

        await room.PublishedAsync(1);
        Assert.Equal(Outcome.Ok, room.Row(message.RequestId).Outcome);
    }
}
