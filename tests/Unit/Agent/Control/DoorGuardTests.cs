using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Control;

public sealed class DoorGuardTests
{
    private const string Path = "/v1/work\n2026-08-05 cancel of r1 asked for by uid 0\u001b[2K\u202e";
    private const string Clean = "/v1/work%0A2026-08-05%20cancel%20of%20r1%20asked%20for%20by%20uid%200%1B%5B2K%E2%80%AE";

    private readonly Lines _log = new();
    private readonly FakeTime _time = new();

    [Fact]
    public async Task A_path_forges_no_line_when_its_route_fails()
    {
        await AskAsync((_, _) => throw new InvalidOperationException("database is locked"));

        Assert.Equal($"control door: {Clean} failed", Assert.Single(_log));
    }

    [Fact]
    public async Task A_path_forges_no_line_when_its_route_is_slow()
    {
        var asked = AskAsync((_, _) => new TaskCompletionSource<DoorReply>().Task);
        await Eventually.HoldsAsync(() => _time.ArmedTimers > 0, "the request's limit is armed");
        _time.Advance(TimeSpan.FromSeconds(10));
        await asked;

        Assert.Equal($"control door: {Clean} took longer than 10 s", Assert.Single(_log));
    }

    [Fact]
    public async Task What_waits_for_a_doer_has_longer_and_is_then_told_that_it_goes_on()
    {
        var context = new DefaultHttpContext { Request = { Path = "/v1/work/r/cancel" }, Response = { Body = new MemoryStream() } };
        var guard = new DoorGuard(new ControlDoorOptions { StateDirectory = "/nowhere" }, _time, _log);
        var asked = guard.AroundDoer((_, _) => new TaskCompletionSource<DoorReply>().Task)(context);
        await Eventually.HoldsAsync(() => _time.ArmedTimers > 0, "the request's limit is armed");
        _time.Advance(TimeSpan.FromMinutes(4.9));
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(0.1));
        await asked;

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Contains("its doer has not ended yet", System.Text.Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_is_not_open_yet_is_told_of_and_no_error_of_the_agents()
    {
        var context = new DefaultHttpContext { Request = { Path = "/v1/work" }, Response = { Body = new MemoryStream() } };
        var guard = new DoorGuard(new ControlDoorOptions { StateDirectory = "/nowhere" }, _time, _log);
        await guard.Around((_, _) => throw new LedgerNotOpenException())(context);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Empty(_log);
    }

    private async Task AskAsync(Func<HttpContext, CancellationToken, Task<DoorReply>> route)
    {
        var guard = new DoorGuard(new ControlDoorOptions { StateDirectory = "/nowhere" }, _time, _log);
        await guard.Around(route)(new DefaultHttpContext { Request = { Path = Path } });
    }

    private sealed class Lines : List<string>, ILogger<ControlDoor>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}
