using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Capabilities.Signing;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// The keys of a folder, read anew every two seconds: a key that is put there, replaced or taken away counts from then on. On a thread
/// of its own pace, since the folder may be on a disk that hangs; until it answers, or while a file can't be looked at for a reason that is
/// not its own, the keys are those of the last look.
/// </summary>
internal sealed partial class SigningKeys : ISigningKeys, IHostedService, IDisposable
{
    /// <summary>Between two looks at the folder.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>So long a start waits for the first look; it goes on without, and signed requests wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private readonly Func<string, KeyFolder> _read;
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly ILogger<SigningKeys> _logger;
    private readonly Lock _gate = new();
    private volatile FrozenDictionary<string, SigningKey> _keys = FrozenDictionary<string, SigningKey>.Empty;
    private FrozenDictionary<string, string> _told = FrozenDictionary<string, string>.Empty;
    private ITimer? _timer;
    private bool _disposed;

    /// <param name="folder">Where the keys are; empty: signatures are not looked at.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of files that are not acceptable, once; never of what stands in them.</param>
    /// <param name="read">Reads the folder.</param>
    public SigningKeys(string folder, TimeProvider time, ILogger<SigningKeys> logger, Func<string, KeyFolder>? read = null)
    {
        _read = read ?? (static path => KeyFolder.Read(path));
        _folder = folder;
        _time = time;
        _logger = logger;
    }

    public bool AreOn => _folder.Length > 0;

    public Task Known => _known.Task;

    public SigningKey? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>The first look is before the first request, unless the folder hangs.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!AreOn)
        {
            return;
        }

        var first = Task.Factory.StartNew(LookFirst, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Task.WhenAny(first, Task.Delay(Patience, _time, cancellationToken)) != first)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogHangs(_folder);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    /// <summary>Reads the folder now.</summary>
    public void Look()
    {
        var folder = _read(_folder);
        lock (_gate)
        {
            if (!folder.CouldNotLook)
            {
                _keys = folder.Files.Select(KeyOf).OfType<SigningKey>().ToFrozenDictionary(static k => k.Id, StringComparer.Ordinal);
                _known.TrySetResult();
            }

            Tell(folder);
        }
    }

    private SigningKey? KeyOf(KeyFile file) => file.CouldNotLook ? Find(file.Id) : file.Key;

    private void LookFirst()
    {
        LookAgain();
        lock (_gate)
        {
            _timer = _disposed ? null : _time.CreateTimer(_ => LookAgain(), null, Every, Timeout.InfiniteTimeSpan);
        }
    }

    private void LookAgain()
    {
        try
        {
            Look();
        }
        catch (Exception e)
        {
            // On a timer's thread, where it would end the agent: the keys stay those of the last look.
            LogFailed(e);
        }
        finally
        {
            _timer?.Change(Every, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell(KeyFolder folder)
    {
        var problems = folder.Files.Where(static f => f.Problem is not null)
            .Select(static f => KeyValuePair.Create(f.Id, Sentence(f.Problem!, f.CouldNotLook, "its signatures are refused")))
            .Append(KeyValuePair.Create("", folder.Problem is { } p ? Sentence(p, folder.CouldNotLook, "every signature is refused") : ""))
            .Where(static p => p.Value.Length > 0).ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var (id, problem) in problems.Where(p => _told.GetValueOrDefault(p.Key) != p.Value))
        {
            if (id.Length == 0)
            {
                LogFolder(_folder, problem);
            }
            else
            {
                LogFile(Dispatch.PlainText.OneLine(id, 100), problem);
            }
        }

        _told = problems;
    }

    private static string Sentence(string problem, bool couldNotLook, string then) =>
        $"{problem}; {(couldNotLook ? "what was known at the last look counts" : then)}";

    [LoggerMessage(1350, LogLevel.Error, "the folder of signing keys, {Folder}, {Problem}")]
    private partial void LogFolder(string folder, string problem);

    [LoggerMessage(1351, LogLevel.Error, "the signing key {KeyId} {Problem}")]
    private partial void LogFile(string keyId, string problem);

    [LoggerMessage(1353, LogLevel.Error, "the folder of signing keys, {Folder}, does not answer; signed requests wait until it does")]
    private partial void LogHangs(string folder);

    [LoggerMessage(1352, LogLevel.Error, "the signing keys could not be looked at; tried again")]
    private partial void LogFailed(Exception error);
}
