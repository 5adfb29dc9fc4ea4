using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

public sealed class TreeTests
{
    [Theory]
    [InlineData("bash", "share/bash-completion/completions/opsctl")]
    [InlineData("zsh", "share/zsh/site-functions/_opsctl")]
    [InlineData("fish", "share/fish/vendor_completions.d/opsctl.fish")]
    public async Task The_tree_has_the_completion_script_where_the_shell_looks_for_it(string shell, string file)
    {
        await using var opsctl = ChildProcess.Start(Deployment.OpsCtl, ["completion", shell], new Dictionary<string, string>());
        Assert.Equal(0, await opsctl.ExitAsync());
        Assert.Equal(opsctl.Output.TrimEnd(), (await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, file))).TrimEnd());
    }

    [Fact]
    public void The_tree_has_the_manual_where_man_looks_for_it()
    {
        var pages = Directory.GetFiles(Path.Combine(Deployment.Folder, "share", "man", "man1")).Select(Path.GetFileName);
        Assert.Empty(((string[])["opsctl.1", "opsctl-ping.1", "opsctl-work-why.1"]).Except(pages));
    }
}
