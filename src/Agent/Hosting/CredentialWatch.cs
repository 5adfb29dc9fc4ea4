using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Looks at the files of the credentials that the manifest names, and at the panda client's token if there is one, until when each is
/// good: now and then, and when a hold begins or ends. On a thread of its own, one at a time, since a file may be on a disk that hangs.
/// </summary>
internal sealed partial class CredentialWatch(
    ManifestInForce manifest, Startup startup, HoldTable holds, TimeProvider time, ILogger<CredentialWatch> logger) : IHostedService, IDisposable
{
    private const double UsualWarnDays = 7;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private readonly CredentialJudge _judge = CredentialJudge.OfThisUser(startup.Environment, time);
    private volatile IReadOnlyList<CredentialAnswer> _now = [];
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _looking;
    private bool _again;

    /// <summary>As of the last look.</summary>
    public IReadOnlyList<CredentialAnswer> Now => _now;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        holds.Watch(LookSoon);
        _timer = time.CreateTimer(_ => LookSoon(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    /// <summary>Has all of them looked at, without waiting for it: now, or again once the look is over that is under way.</summary>
    public void LookSoon()
    {
        lock (_gate)
        {
            _again = true;
            if (_looking)
            {
                return;
            }

            _looking = true;
        }

        _ = Task.Factory.StartNew(LookUntilDone, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Looks at all of them.</summary>
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
            // A look that failed is only one that was not had.
            LogFailed(e);
        }
    }

    private void LookUntilDone()
    {
        while (IsWanted())
        {
            Look();
        }
    }

    /// <summary>False, and the next look is in a while, if nobody has asked since the last one.</summary>
    private bool IsWanted()
    {
        lock (_gate)
        {
            if (_again)
            {
                _again = false;
                return true;
            }

            _looking = false;
            _timer?.Change(Every, Timeout.InfiniteTimeSpan);
            return false;
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
        var text = CredentialText.Read(path, out var state);
        return text is not null && Days(CredentialEnd.Of(text)) is { } days
            ? new CredentialAnswer(name, path, days <= 0 ? "expired" : days <= warnDays ? "expiring" : "ok", days)
            : new CredentialAnswer(name, path, state == CredentialState.Missing ? "missing" : "unreadable", null);
    }

    private double? Days(DateTimeOffset? end) =>
        end is { } at ? Math.Round((at - time.GetUtcNow()).TotalDays, 1, MidpointRounding.ToNegativeInfinity) : null;
}
