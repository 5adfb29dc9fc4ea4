using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Contract.Shells;

/// <summary>opsctl's pages in the programs that read them.</summary>
public sealed class ManualTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string[] _pages = [];

    public async Task InitializeAsync()
    {
        await using var write = ChildProcess.Start(Deployment.OpsCtl, ["man", "--all", _folder.Path], new Dictionary<string, string>());
        Assert.True(await write.ExitAsync() == 0, write.Output);
        _pages = Directory.GetFiles(_folder.Path);
        Assert.True(_pages.Length > 10);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [ServerFact("mandoc")]
    public async Task Mandoc_finds_nothing_to_warn_of() =>
        Assert.Equal("", await OutputAsync("/usr/bin/mandoc", ["-T", "lint", "-W", "warning", .. _pages]));

    [ServerFact("man-db")]
    public async Task Man_has_nothing_to_warn_of() => Assert.Equal(
        "", await OutputAsync("/bin/sh", ["-c", "for page; do man --warnings -l \"$page\" 2>&1 >/dev/null; done", "sh", .. _pages]));

    [ServerFact("man-db")]
    public async Task What_man_shows_can_be_typed()
    {
        var text = await OutputAsync("/usr/bin/man", ["-l", _folder.At("opsctl-ping.1")]);

        Assert.Contains("opsctl ping --count 2000 --interval 0 -o json  # a measurement", text, StringComparison.Ordinal);
        Assert.Contains("-c, --count number", text, StringComparison.Ordinal);
        Assert.Contains("the agent's state folder", text, StringComparison.Ordinal);
        Assert.Contains(
            "jq 'select(.message.outcome == \"error\")'", await OutputAsync("/usr/bin/man", ["-l", _folder.At("opsctl-watch.1")]), StringComparison.Ordinal);
    }

    private static async Task<string> OutputAsync(string program, string[] arguments)
    {
        var environment = new Dictionary<string, string> { ["LANG"] = "C.UTF-8", ["MANWIDTH"] = "100" };
        await using var run = ChildProcess.Start(program, arguments, environment);
        var code = await run.ExitAsync();
        Assert.True(code == 0, run.Output);
        return run.Output;
    }
}
