using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Handlers;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.Agent.Handlers;

/// <summary>A scratch area of its own, as <c>SWF_TMP_DIR</c> is one, and markers that write in it.</summary>
internal sealed class ScratchArea : IDisposable
{
    public ScratchArea()
    {
        Root = Directory.CreateTempSubdirectory("opsagent-markers-").FullName;
        Markers = new FailureMarkers(Root, Clock, Log);
    }

    public string Root { get; }

    public FakeTime Clock { get; } = new();

    public RecordingLogger Log { get; } = new();

    public FailureMarkers Markers { get; }

    public string At(string path) => Path.Combine(Root, path);

    public string Text(string path) => File.ReadAllText(At(path));

    /// <summary>Names of everything in a folder, hidden files and left-over temporary ones included.</summary>
    public IEnumerable<string> Names(string path) => Directory.EnumerateFileSystemEntries(At(path)).Select(static p => Path.GetFileName(p)).Order();

    public void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal sealed class RecordingLogger : ILogger<FailureMarkers>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{eventId.Id} {logLevel} {formatter(state, exception)}");
    }
}
