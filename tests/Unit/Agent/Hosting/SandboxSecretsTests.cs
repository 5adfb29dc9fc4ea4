using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

/// <summary>What a doer in a sandbox is never shown of the agent's own.</summary>
public sealed class SandboxSecretsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_ledger_the_settings_and_the_signing_keys_are_hidden()
    {
        var (state, settings, keys) = (_folder.At("state"), _folder.Write("settings.env", ""), _folder.At("keys"));
        Directory.CreateDirectory(keys);

        Assert.Equal(
            [state, settings, keys],
            Secrets("--environment-file", settings, "--set", $"agent.state_dir={state}", "--set", $"signing.keys_dir={keys}"));
        Assert.Equal([state], Secrets("--set", $"agent.state_dir={state}"));
    }

    private IReadOnlyList<string> Secrets(params string[] arguments)
    {
        var file = _folder.Write("agent.toml", "[testbed]\nnamespace = \"prodops\"\n");
        var line = CommandLine.Parse(["--config", file, "--set", $"agent.tmp_dir={_folder.Path}", .. arguments]);
        var startup = Startup.Read(line, new Dictionary<string, string>());
        Assert.Empty(startup.Errors);
        using var host = AgentHost.Build(startup, NullLoggerProvider.Instance, null);
        return host.Services.GetRequiredService<IOptions<LaunchingOptions>>().Value.Secrets;
    }
}
