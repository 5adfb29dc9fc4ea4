using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace OpsAgent.Agent.Hosting;

/// <summary>Sets up the log: Serilog to the console and, if wanted, a file, behind a writer that never blocks the caller.</summary>
internal static class AgentLogging
{
    // Message-borne text arrives here already cleaned; :l keeps strings unquoted.
    private const string Template = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";
    private const int FilesKept = 14;
    private const long MaxFileBytes = 100 * 1024 * 1024;

    public static Logger Create(EffectiveConfiguration settings)
    {
        var level = Level(settings[AgentSettings.LogLevel]);
        var quiet = AgentOptions.IsTrue(settings[AgentSettings.LogQuiet]);
        var target = new LoggerConfiguration().MinimumLevel.Verbose()
            .WriteTo.Console(outputTemplate: Template, restrictedToMinimumLevel: quiet ? LogEventLevel.Warning : LogEventLevel.Verbose);
        if (settings[AgentSettings.LogFile] is { Length: > 0 } file)
        {
            target.WriteTo.File(
                file, outputTemplate: Template, rollingInterval: RollingInterval.Day, retainedFileCountLimit: FilesKept,
                fileSizeLimitBytes: MaxFileBytes, rollOnFileSizeLimit: true);
        }

        var stompLevel = AgentOptions.IsTrue(settings[AgentSettings.StompDebug]) ? LogEventLevel.Debug : LogEventLevel.Warning;
        return new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("OpsAgent.Stomp", stompLevel)
            .WriteTo.Sink(new BackgroundLogSink(target.CreateLogger()))
            .CreateLogger();
    }

    public static SerilogLoggerProvider Provider(Logger logger) => new(logger, dispose: true);

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
