using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;

namespace OpsAgent.Agent.Hosting;

/// <summary>SIGHUP is a reload, as for other daemons; the log says what came of it.</summary>
internal sealed partial class ReloadSignal(IReload reload, ILogger<ReloadSignal> logger) : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            // Else the runtime would end the agent, which is what the signal does by default.
            context.Cancel = true;
            _ = Task.Run(Reload);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();

    private void Reload()
    {
        try
        {
            reload.Reload("SIGHUP");
        }
        catch (Exception e)
        {
            // Nobody waits for it: what went wrong must be seen, and the agent goes on.
            LogFailed(e);
        }
    }

    [LoggerMessage(1323, LogLevel.Error, "the reload that SIGHUP asked for failed")]
    private partial void LogFailed(Exception error);
}
