using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Redaction;

namespace OpsAgent.Agent.Hosting;

/// <summary>Remembers the last error that was logged, for the local door; nothing is written anywhere.</summary>
internal sealed class LastErrorLog(TimeProvider time, Redactor? redactor = null) : ILoggerProvider
{
    private const int Longest = 500;

    private readonly Redactor _redactor = redactor ?? Redactor.OfShapes;
    private volatile LastErrorAnswer? _last;

    /// <summary>Null if there was none since the start.</summary>
    public LastErrorAnswer? Last => _last;

    public ILogger CreateLogger(string categoryName) => new Target(this);

    public void Dispose()
    {
        // It holds nothing.
    }

    private sealed class Target(LastErrorLog owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Error or LogLevel.Critical;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var text = formatter(state, exception);
                var whole = exception is null ? text : $"{text}: {exception.Message}";
                owner._last = new LastErrorAnswer(owner.Now, PlainText.OneLine(owner._redactor.Text(whole), Longest));
            }
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
