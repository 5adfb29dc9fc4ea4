using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Redaction;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace OpsAgent.Agent.Hosting;

/// <summary>Sets up the log: Serilog to the console and, if wanted, a file, each behind a writer that never blocks the caller.</summary>
internal static class AgentLogging
{
    private const int FilesKept = 14;
    private const long MaxFileBytes = 100 * 1024 * 1024;

    public static Logger Create(EffectiveConfiguration settings, Redactor redactor)
    {
        var level = Level(settings[AgentSettings.LogLevel]);
        var quiet = AgentOptions.IsTrue(settings[AgentSettings.LogQuiet]);
        var formatter = new LogLineFormatter(redactor);
        var stompLevel = AgentOptions.IsTrue(settings[AgentSettings.StompDebug]) ? LogEventLevel.Debug : LogEventLevel.Warning;
        var log = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("OpsAgent.Stomp", stompLevel)
            .WriteTo.Sink(Behind(w => w.Console(formatter)), quiet ? LogEventLevel.Warning : LogEventLevel.Verbose);
        if (settings[AgentSettings.LogFile] is { Length: > 0 } file)
        {
            log.WriteTo.Sink(Behind(w => w.File(
                formatter, file, rollingInterval: RollingInterval.Day, retainedFileCountLimit: FilesKept,
                fileSizeLimitBytes: MaxFileBytes, rollOnFileSizeLimit: true)));
        }

        return log.CreateLogger();
    }

    public static SerilogLoggerProvider Provider(Logger logger) => new(logger, dispose: true);

    /// <summary>A writer for each target: a console that nobody reads stops no file, and the other way round.</summary>
    private static BackgroundLogSink Behind(Func<LoggerSinkConfiguration, LoggerConfiguration> target) =>
        new(target(new LoggerConfiguration().MinimumLevel.Verbose().WriteTo).CreateLogger());

    private static LogEventLevel Level(string name) => name.ToUpperInvariant() switch
    {
        "TRACE" => LogEventLevel.Verbose,
        "DEBUG" => LogEventLevel.Debug,
        "WARNING" => LogEventLevel.Warning,
        "ERROR" => LogEventLevel.Error,
        "CRITICAL" => LogEventLevel.Fatal,
        _ => LogEventLevel.Information,
    };
}
