using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;

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

    private readonly CredentialJudge _judge = CredentialJudge.OfThisUser(startup.Environment, time);
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
            _now = [.. manifest.Manifest.Credentials.Select(c => Judge(c, warnDays)).OfType<CredentialAnswer>(), .. Undeclared(warnDays)];
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

    /// <summary>As the gate before a doer's start does. Null: there is nothing to be said of it.</summary>
    private CredentialAnswer? Judge(CredentialDefinition credential, double warnDays)
    {
        if (credential.Kind == CredentialKind.Value)
        {
            // A variable that holds the secret itself tells nothing of its end.
            return startup.Environment.GetValueOrDefault(credential.Variable!) is { } path && Path.IsPathFullyQualified(path)
                ? JudgeFile(credential.Name, path, warnDays)
                : null;
        }

        var verdict = _judge.Judge(credential);
        if (verdict.State is CredentialState.Missing or CredentialState.Unset && credential.Optional)
        {
            return null;
        }

        var shown = verdict.Path ?? string.Join(", ", credential.Variables);
        var left = Days(verdict.Ends);
        return new CredentialAnswer(credential.Name, shown, verdict.State switch
        {
            CredentialState.Good => left <= warnDays && !(verdict.IsRenewable && left <= 0) ? "expiring" : "ok",
            var state => state.ToString().ToLowerInvariant(),
        }, left);
    }

    /// <summary>The panda client's token is looked at also where no capability is lent it by name.</summary>
    private IEnumerable<CredentialAnswer> Undeclared(double warnDays)
    {
        if (CredentialJudge.PandaToken(startup.Environment) is { } token && File.Exists(token)
            && !manifest.Manifest.Credentials.Any(c => c.Kind == CredentialKind.OidcToken && _judge.PathOf(c) == token))
        {
            yield return JudgeFile("panda_oidc_token", token, warnDays);
        }
    }

    private CredentialAnswer JudgeFile(string name, string path, double warnDays)
    {
        try
        {
            return Days(CredentialEnd.Of(path)) is { } days
                ? new CredentialAnswer(name, path, days <= 0 ? "expired" : days <= warnDays ? "expiring" : "ok", days)
                : new CredentialAnswer(name, path, "unreadable", null);
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

    private double? Days(DateTimeOffset? end) =>
        end is { } at ? Math.Round((at - time.GetUtcNow()).TotalDays, 1, MidpointRounding.ToNegativeInfinity) : null;
}
