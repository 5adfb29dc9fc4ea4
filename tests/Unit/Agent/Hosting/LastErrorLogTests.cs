using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Hosting;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class LastErrorLogTests
{
    [Fact]
    public void The_last_error_is_kept_with_its_cause_on_one_line()
    {
        var time = new FakeTime();
        using var errors = new LastErrorLog(time);
        using var loggers = new LoggerFactory([errors]);
        var logger = loggers.CreateLogger("x");
        Assert.Null(errors.Last);

        Log(logger, LogLevel.Error, "one\nline", new IOException("disk\u001b[2J full"));
        time.Advance(TimeSpan.FromSeconds(1));
        Log(logger, LogLevel.Warning, "no error", null);

        Assert.Equal((time.GetUtcNow().AddSeconds(-1), "one?line: disk?[2J full"), (errors.Last!.At, errors.Last.Text));
    }

    private static void Log(ILogger logger, LogLevel level, string text, Exception? error) =>
        logger.Log(level, default, text, error, static (t, _) => t);
}
