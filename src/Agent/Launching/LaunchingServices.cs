using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching.Cgroups;

namespace OpsAgent.Agent.Launching;

/// <summary>Puts this room into the agent's container. <see cref="LaunchingOptions"/> are configured by the host.</summary>
internal static class LaunchingServices
{
    /// <summary>Adds the runner of doers, and what recovery and settling need of it.</summary>
    public static IServiceCollection AddLaunching(this IServiceCollection services)
    {
        services.AddOptions<LaunchingOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<LaunchingOptions>, OptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ExitWatcher>();
        services.AddSingleton(static _ => OwnCgroup.Find());
        services.AddSingleton<DoerCgroups>();
        services.AddSingleton<ITreeEnder, ScanningTreeEnder>();
        services.AddSingleton(static provider => new WorkFolders(provider.GetRequiredService<IOptions<LaunchingOptions>>().Value.WorkRoot));
        services.AddSingleton(static provider => new RunLogFolder(provider.GetRequiredService<IOptions<LaunchingOptions>>().Value.RunLogFolder));
        services.AddSingleton<RunLogWriter>();
        services.AddSingleton<DoerLauncher>();
        services.AddSingleton<DoerRunner>();
        services.AddSingleton<IWorkRunner>(static provider => provider.GetRequiredService<DoerRunner>());
        services.AddSingleton<IReattach>(static provider => provider.GetRequiredService<DoerRunner>());
        return services;
    }

    private sealed class OptionsCheck : IValidateOptions<LaunchingOptions>
    {
        public ValidateOptionsResult Validate(string? name, LaunchingOptions options) =>
            options.Errors().ToList() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
