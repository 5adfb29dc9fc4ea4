using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Looks now and then at the files of the credentials that the manifest names, and at the panda client's token if there is one: until
/// when each is good. On a thread of its own pace, since a file may be on a disk that hangs.
/// </summary>
internal sealed partial class CredentialWatch(
    ManifestInForce manifest, Startup startup, TimeProvider time, ILogger<CredentialWatch> logger) : IHostedService, IDisposable
{
    private const double UsualWarnDays = 7;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private volatile IReadOnlyList<CredentialAnswer> _now = [];
    private ITimer? _timer;

    /// <summary>As of the last look.</summary>
    public IReadOnlyList<CredentialAnswer> Now => _now;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Look(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks at all of them, and again after a while.</summary>
    public void Look()
    {
        try
        {
            var warnDays = double.TryParse(
                startup.Environment.GetValueOrDefault("CREDENTIAL_EXPIRY_WARN_DAYS"), CultureInfo.InvariantCulture, out var days)
                    ? days
                    : UsualWarnDays;
            _now = [.. Files().Select(f => Judge(f.Name, f.Path, warnDays))];
        }
        catch (Exception e)
        {
            // On a timer's thread, where it would end the agent: a look that failed is only one that was not had.
            LogFailed(e);
        }
        finally
        {
            _timer?.Change(Every, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(1330, LogLevel.Warning, "The credentials could not be looked at; tried again later")]
    private partial void LogFailed(Exception error);

    /// <summary>A variable that holds the secret itself tells nothing of its end.</summary>
    private IEnumerable<(string Name, string Path)> Files()
    {
        foreach (var credential in manifest.Manifest.Credentials)
        {
            if (startup.Environment.GetValueOrDefault(credential.Variable) is { } path && Path.IsPathFullyQualified(path))
            {
                yield return (credential.Name, path);
            }
        }

        var home = startup.Environment.GetValueOrDefault("HOME") is { Length: > 0 } folder ? Path.Combine(folder, ".pathena") : null;
        var root = startup.Environment.GetValueOrDefault("PANDA_CONFIG_ROOT") is { Length: > 0 } named ? named : home;
        if (root is not null && Path.Combine(root, ".token") is var token && File.Exists(token))
        {
            yield return ("panda_oidc_token", token);
        }
    }

    private CredentialAnswer Judge(string name, string path, double warnDays)
    {
        try
        {
            if (CredentialEnd.Of(path) is not { } end)
            {
                return new CredentialAnswer(name, path, "unreadable", null);
            }

            var days = Math.Round((end - time.GetUtcNow()).TotalDays, 1, MidpointRounding.ToNegativeInfinity);
            return new CredentialAnswer(name, path, days <= 0 ? "expired" : days <= warnDays ? "expiring" : "ok", days);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new CredentialAnswer(name, path, "missing", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CredentialAnswer(name, path, "unreadable", null);
        }
    }
}
