using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Hosting;

/// <summary>Gives the agent its name before anything is started that bears it.</summary>
internal static class AgentNaming
{
    /// <summary>The same start with the name that holds for it: by the given id, the kept one, or the monitor's if it answers soon.</summary>
    public static async Task<Startup> NameAsync(Startup startup, ILoggerProvider logs)
    {
        var options = startup.Options!;
        if (!options.Monitor.AsksForId)
        {
            return startup;
        }

        using var loggers = new LoggerFactory([logs]);
        using var client = new MonitorClient(options.Monitor, TimeProvider.System);
        var keeper = new AgentIdKeeper(
            options.Monitor, client, new AgentIdFile(options.StateDir), TimeProvider.System, loggers.CreateLogger<AgentIdKeeper>());
        return await keeper.AtStartAsync(CancellationToken.None) is { } id ? startup with { Options = options.Called(id) } : startup;
    }
}
