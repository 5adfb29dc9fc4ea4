using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Takes up the ledger, again and again while its disk does not let it: a full disk at the start must not leave the facility
/// without an answer to its pings, nor systemd tired of starting the agent.
/// </summary>
internal sealed partial class WorkStart(WorkRoom work, TimeProvider time, ILogger<WorkStart> logger)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(5);

    /// <summary>Completes when the ledger is recovered and work runs.</summary>
    /// <exception cref="Work.Ledger.LedgerTooNewException">Trying again would not help.</exception>
    /// <exception cref="Work.Ledger.LedgerBrokenException">As above.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // Off the caller's path: the check of a ledger that was left behind may take a while, and pings are answered meanwhile.
                await Task.Run(work.Open, CancellationToken.None);
                break;
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                LogNotYet(e, BetweenTries);
                await Task.Delay(BetweenTries, time, cancellationToken);
            }
        }

        await work.StartAsync(cancellationToken);
    }

    [LoggerMessage(1310, LogLevel.Error, "the ledger can't be taken up; tried again in {Pause}")]
    private partial void LogNotYet(Exception error, TimeSpan pause);
}
