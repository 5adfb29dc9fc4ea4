using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OpsAgent.Tests.Process;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(EventId Id, string Text)> _entries = new();

    public IReadOnlyList<string> Lines => [.. _entries.Select(static e => e.Text)];

    public IReadOnlyList<string> OfEvent(int id) => [.. _entries.Where(e => e.Id.Id == id).Select(static e => e.Text)];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId, formatter(state, exception)));

    public void Dispose()
    {
    }
}
