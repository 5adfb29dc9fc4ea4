using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Reads from the signals how fast a stop is to go. The host begins it at the first of them, or a <c>shutdown</c> has; a SIGTERM or
/// SIGINT after that makes it soft, SIGQUIT cold.
/// </summary>
internal sealed partial class StopSignals
{
    // For the life of the process: a signal that came after the host was disposed of would end the agent by its default action, and its
    // exit code would tell of a failure.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private readonly DrainPace _pace;
    private readonly DeliberateStop _stop;
    private readonly ILogger<StopSignals> _logger;
    private int _terms;

    public StopSignals(DrainPace pace, DeliberateStop stop, ILogger<StopSignals> logger) => (_pace, _stop, _logger) = (pace, stop, logger);

    /// <summary>Takes the process's signals from now on.</summary>
    public void Listen() => Registrations.AddRange(
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerm),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnTerm),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnQuit),
        ]);

    internal void OnTerm(PosixSignalContext context)
    {
        context.Cancel = true;

        // Whether the host stops does not tell: at the first signal it may do so before this is called.
        var isFirst = Interlocked.Increment(ref _terms) == 1 && !_stop.Requested;
        if (!isFirst && !_pace.Soft.IsCompleted)
        {
            LogSoft(context.Signal);
            _pace.Soften();
        }
    }

    internal void OnQuit(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_pace.Cold.IsCompleted)
        {
            LogCold();
            _pace.Chill();
        }
    }

    [LoggerMessage(1311, LogLevel.Warning, "{Signal} while it stops: what may run again is ended now and runs at the next start")]
    private partial void LogSoft(PosixSignal signal);

    [LoggerMessage(1312, LogLevel.Warning, "SIGQUIT: all that may run again is ended now; what must not run twice goes on without the agent")]
    private partial void LogCold();
}
