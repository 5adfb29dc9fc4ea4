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
            [state, settings, Config, keys],
            Secrets("--environment-file", settings, "--set", $"agent.state_dir={state}", "--set", $"signing.keys_dir={keys}"));
        Assert.Equal([state, Config], Secrets("--set", $"agent.state_dir={state}"));
    }

    [Fact]
    public void Files_with_secrets_that_everybody_may_read_are_told_of()
    {
        var settings = _folder.Write("settings.env", "");
        foreach (var (mode, told) in new[] { (0x1A0, false), (0x1A4, true), (0x1A2, true), (0x180, false) })
        {
            File.SetUnixFileMode(settings, (UnixFileMode)mode);
            Assert.Equal(told ? [settings] : [], OpenSecretFiles.Of(Read("--environment-file", settings)));
        }

        Assert.Empty(OpenSecretFiles.Of(Read()));
    }

    private string Config => _folder.At("agent.toml");

    private IReadOnlyList<string> Secrets(params string[] arguments)
    {
        using var host = AgentHost.Build(Read(arguments), NullLoggerProvider.Instance, null);
        return host.Services.GetRequiredService<IOptions<LaunchingOptions>>().Value.Secrets;
    }

    private Startup Read(params string[] arguments)
    {
        var file = _folder.Write("agent.toml", "[testbed]\nnamespace = \"prodops\"\n");
        var line = CommandLine.Parse(["--config", file, "--set", $"agent.tmp_dir={_folder.Path}", .. arguments]);
        var startup = Startup.Read(line, new Dictionary<string, string>());
        Assert.Empty(startup.Errors);
        return startup;
    }
}
