using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;
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
