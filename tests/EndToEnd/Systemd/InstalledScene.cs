using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Systemd;

/// <summary>The agent as docs/operations.md installs it, run by its own user before stand-ins of the facility's services.</summary>
internal sealed class InstalledScene : IAsyncDisposable
{
    public const string Ours = $"{ServiceLayout.User}:{ServiceLayout.Group}";

    private InstalledScene(Production production, ServiceScene service, StompPyListener listener) =>
        (Production, Service, Listener) = (production, service, listener);

    public Production Production { get; }

    public ServiceScene Service { get; }

    public StompPyListener Listener { get; }

    /// <summary>Boots systemd; the agent is not started yet.</summary>
    /// <param name="broker">The shared broker.</param>
    /// <param name="lines">Lines of <c>[Service]</c> over the unit's.</param>
    /// <param name="manifest">Changes the shipped manifest; null: it is as it is.</param>
    /// <param name="settings">What its environment file says over the production's.</param>
    public static async Task<InstalledScene> SetAsync(
        Broker broker,
        IReadOnlyList<string>? lines = null,
        Func<Production, string, string>? manifest = null,
        Func<Production, IReadOnlyDictionary<string, string>>? settings = null)
    {
        var production = await Production.StartAsync();
        var changes = ServiceChanges.Of([production.Facility.Credentials.Folder, production.Folder.Path], [production.Panda.Folder]);
        changes = changes with { UnitLines = [.. changes.UnitLines, .. lines ?? []] };
        if (manifest is not null)
        {
            const string Name = "agents/prodops.toml";
            var shipped = await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, Name));
            changes = changes with { Files = new Dictionary<string, string> { [Name] = manifest(production, shipped) } };
        }

        var environment = production.Environment;
        environment.Remove("HOME");
        foreach (var (name, value) in settings?.Invoke(production) ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        var service = await ServiceScene.InstallAsync(broker.Plain, changes, [.. environment.Select(static e => $"{e.Key}={e.Value}")]);
        var scene = new InstalledScene(production, service, await service.ListenAsync());
        await scene.PrepareAsync();
        return scene;
    }

    /// <summary>Runs a program beside the agent; what it wrote.</summary>
    public async Task<string> InsideAsync(params string[] command)
    {
        var run = await Service.Systemd.RunAsync(["/usr/bin/env", .. command]);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', command)}: {run.Output}\nthe agent wrote:\n{Service.Log}");
        return run.Output.Trim();
    }

    /// <summary>A text with the cache folder that is here.</summary>
    public string InScene(string text) => text.Replace("/data/swf-tmp", Service.CacheFolder, StringComparison.Ordinal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        await Service.DisposeAsync();
        await Production.DisposeAsync();
    }

    /// <summary>What is there besides the agent: the folders of tmpfiles.conf, its settings, its credentials, its panda client.</summary>
    private async Task PrepareAsync()
    {
        UnixMode.Set(Production.Folder.Path, "0755");
        Production.Panda.SetUpIn(Service.StateFolder);
        await InsideAsync("chown", "-R", Ours, Production.Panda.Folder, Production.Facility.Credentials.ProxyPath);
        await InsideAsync("chown", $"root:{ServiceLayout.Group}", Service.EnvironmentFile);
        UnixMode.Set(Service.EnvironmentFile, "0640");
        var shipped = await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "systemd", "tmpfiles.conf"));
        await InsideAsync("systemd-tmpfiles", "--create", Production.Folder.Write("tmpfiles.conf", InScene(shipped)));
    }
}
