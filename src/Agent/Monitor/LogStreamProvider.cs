using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Redaction;

namespace OpsAgent.Agent.Monitor;

/// <summary>
/// Puts into the ring what the monitor is to see: warnings and above, and every doer's stderr lines. Not what the log stream says of
/// itself, which would feed on its own failures; that goes to the local log alone.
/// </summary>
internal sealed class LogStreamProvider(LogRing ring, TimeProvider time, Redactor? redactor = null) : ILoggerProvider
{
    private static readonly string Own = typeof(LogStream).FullName!;

    public ILogger CreateLogger(string categoryName) => new Target(ring, time, redactor ?? Redactor.OfShapes, categoryName);

    public void Dispose()
    {
        // The ring is the container's.
    }

    private sealed class Target(LogRing ring, TimeProvider time, Redactor redactor, string category) : ILogger
    {
        private readonly bool _isOwn = category == Own;
        private readonly bool _relays = category.StartsWith(typeof(StderrRelay).Namespace!, StringComparison.Ordinal);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            !_isOwn && logLevel != LogLevel.None && (logLevel >= LogLevel.Warning || (_relays && logLevel == LogLevel.Information));

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || (logLevel < LogLevel.Warning && eventId.Id != StderrRelay.LineEvent))
            {
                return;
            }

            var text = formatter(state, exception);
            ring.Add(new LogLine(
                time.GetLocalNow(),
                logLevel,
                category,
                eventId.Name ?? "log",
                LoggedText.Of(text, exception, redactor),
                Environment.CurrentManagedThreadId));
        }
    }
}
