using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Capabilities.Signing;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// The keys of a folder, read anew every two seconds: a key that is put there, replaced or taken away counts from then on. On a thread
/// of its own pace, since the folder may be on a disk that hangs; until it answers the keys are those of the last look.
/// </summary>
internal sealed partial class SigningKeys : ISigningKeys, IHostedService, IDisposable
{
    /// <summary>Between two looks at the folder.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<SigningKeys> _logger;
    private readonly Lock _gate = new();
    private volatile FrozenDictionary<string, SigningKey> _keys = FrozenDictionary<string, SigningKey>.Empty;
    private FrozenDictionary<string, string> _told = FrozenDictionary<string, string>.Empty;
    private ITimer? _timer;

    /// <param name="folder">Where the keys are; empty: signatures are not looked at.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of files that are not acceptable, once; never of what stands in them.</param>
    public SigningKeys(string folder, TimeProvider time, ILogger<SigningKeys> logger)
    {
        _folder = folder;
        _time = time;
        _logger = logger;
    }

    public bool AreOn => _folder.Length > 0;

    public SigningKey? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>The first look is before the first request.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (AreOn)
        {
            Look();
            _timer = _time.CreateTimer(_ => LookAgain(), null, Every, Timeout.InfiniteTimeSpan);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    /// <summary>Reads the folder now.</summary>
    public void Look()
    {
        var folder = KeyFolder.Read(_folder);
        lock (_gate)
        {
            _keys = folder.Files.Where(static f => f.Key is not null).ToFrozenDictionary(static f => f.Id, static f => f.Key!, StringComparer.Ordinal);
            Tell(folder);
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
            .Select(static f => KeyValuePair.Create(f.Id, f.Problem!)).Append(KeyValuePair.Create("", folder.Problem ?? ""))
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

    [LoggerMessage(1350, LogLevel.Error, "the folder of signing keys, {Folder}, {Problem}; every signature is refused")]
    private partial void LogFolder(string folder, string problem);

    [LoggerMessage(1351, LogLevel.Error, "the signing key {KeyId} {Problem}; its signatures are refused")]
    private partial void LogFile(string keyId, string problem);

    [LoggerMessage(1352, LogLevel.Error, "the signing keys could not be looked at; tried again")]
    private partial void LogFailed(Exception error);
}
