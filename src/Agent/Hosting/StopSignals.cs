using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// Reads from the signals how fast a stop is to go. The host begins it at the first of them; a second SIGTERM or SIGINT makes it soft,
/// SIGQUIT cold.
/// </summary>
internal sealed partial class StopSignals
{
    // For the life of the process: a signal that came after the host was disposed of would end the agent by its default action, and its
    // exit code would tell of a failure.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private readonly DrainPace _pace;
    private readonly ILogger<StopSignals> _logger;
    private int _terms;

    public StopSignals(DrainPace pace, ILogger<StopSignals> logger)
    {
        (_pace, _logger) = (pace, logger);
        Registrations.AddRange(
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerm),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnTerm),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnQuit),
        ]);
    }

    private void OnTerm(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _terms) > 1 && !_pace.Soft.IsCompleted)
        {
            LogSoft(context.Signal);
            _pace.Soften();
        }
    }

    private void OnQuit(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_pace.Cold.IsCompleted)
        {
            LogCold();
            _pace.Chill();
        }
    }

    [LoggerMessage(1311, LogLevel.Warning, "a second {Signal}: what may run again is ended now and runs at the next start")]
    private partial void LogSoft(PosixSignal signal);

    [LoggerMessage(1312, LogLevel.Warning, "SIGQUIT: all that may run again is ended now; what must not run twice goes on without the agent")]
    private partial void LogCold();
}
