using System.Diagnostics;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Docs;

/// <summary>A copy of the published tree for a test to change, and the environment that its programs run in.</summary>
internal sealed class PublishedTree(TemporaryFolder folder, IReadOnlyDictionary<string, string> environment)
{
    public string Root { get; } = folder.At("tree");

    public IReadOnlyDictionary<string, string> Environment => environment;

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public async Task CopyAsync()
    {
        using var copy = Process.Start("cp", ["-a", Deployment.Folder, Root]);
        await copy.WaitForExitAsync();
        Assert.Equal(0, copy.ExitCode);
    }

    /// <summary>Starts its agent; returns when it consumes the queue.</summary>
    public async Task<ChildProcess> StartAgentAsync()
    {
        var agent = ChildProcess.Start(At("bin", "opsagent"), [], Environment);
        await agent.WritesAsync("consuming ");
        return agent;
    }

    /// <summary>Runs lines of a shell in the tree, as a person who follows the page does; stops at the first that fails.</summary>
    public async Task<string> ShellAsync(string lines)
    {
        await using var shell = ChildProcess.Start("/bin/sh", ["-e", "-c", $"cd '{Root}'\n{lines}"], Environment);
        var code = await shell.ExitAsync();
        Assert.True(code == 0, $"{lines}ended with {code}:\n{shell.Output}");
        return shell.Output;
    }
}
