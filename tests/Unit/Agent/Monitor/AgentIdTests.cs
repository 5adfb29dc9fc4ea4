using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Monitor;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Work;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

public sealed class AgentIdTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly FakeMonitor _monitor = new() { Answer = static _ => (200, """{"agent_id": 42, "status": "success"}""") };
    private readonly TemporaryState _state = new();
    private readonly AgentIdFile _file;

    public AgentIdTests()
    {
        Directory.CreateDirectory(_state.Folder);
        _file = new AgentIdFile(_state.Folder);
    }

    public void Dispose()
    {
        _monitor.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task The_first_start_asks_and_later_ones_use_what_is_kept()
    {
        Assert.Equal("42", await Keeper().AtStartAsync(CancellationToken.None));
        _monitor.Answer = static _ => (200, """{"agent_id": 43}""");
        Assert.Equal("42", await Keeper().AtStartAsync(CancellationToken.None));
        await Keeper().KeepOneAsync(CancellationToken.None);

        Assert.Equal(("/swf-monitor/api/state/next-agent-id/", "Token t"), (_monitor.Calls.Single().Path, _monitor.Calls.Single().Token));
        Assert.Null(_monitor.Calls.Single().Body);
    }

    [Fact]
    public async Task A_monitor_that_hangs_holds_up_the_first_start_for_two_seconds_and_no_later_one()
    {
        _monitor.Answer = static _ => null;
        var start = Keeper().AtStartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => _monitor.Count == 1, "the question");
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(start.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(await start);

        _file.Write("7");
        Assert.Equal("7", await Keeper().AtStartAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_id_that_comes_late_is_kept_for_the_next_start()
    {
        _monitor.Answer = static n => n < 4 ? (500, """{"error": "x", "status": "error"}""") : (200, """{"agent_id": "a-9"}""");
        Assert.Null(await Keeper().AtStartAsync(CancellationToken.None));
        var keeping = Keeper().KeepOneAsync(CancellationToken.None);
        await _time.UntilAsync(TimeSpan.FromSeconds(1), () => keeping.IsCompleted, "an id is kept");

        Assert.Equal("a-9", await Keeper().AtStartAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_monitor_that_refuses_is_not_asked_again()
    {
        _monitor.Answer = static _ => (401, """{"detail": "Invalid token."}""");
        await Keeper().KeepOneAsync(CancellationToken.None).WaitAsync(Eventually.Limit);
        Assert.Equal(1, _monitor.Count);
        Assert.Null(_file.Read());
    }

    [Theory]
    [InlineData("""{"agent_id": 5}""", "5")]
    [InlineData("""{"agent_id": "x-1"}""", "x-1")]
    [InlineData("""{"agent_id": "../x"}""", null)]
    [InlineData("""{"agent_id": ""}""", null)]
    [InlineData("""{"agent_id": null}""", null)]
    [InlineData("""[5]""", null)]
    [InlineData("""<html>""", null)]
    public void Only_what_may_end_a_name_is_an_id(string answer, string? id)
    {
        Assert.Equal(id, AgentIdQuestion.IdIn(answer));
    }

    [Fact]
    public async Task A_kept_id_that_was_spoilt_is_asked_for_again()
    {
        await File.WriteAllTextAsync(_file.Path, "a b\n");
        Assert.Equal("42", await Keeper().AtStartAsync(CancellationToken.None));
        Assert.Equal("42", _file.Read());
    }

    private AgentIdKeeper Keeper() => new(FakeMonitor.Options, _monitor.Client(_time), _file, _time, NullLogger<AgentIdKeeper>.Instance);
}
