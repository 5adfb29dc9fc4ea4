using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class WorkFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_runs_folder_and_the_one_of_all_runs_are_closed_to_others()
    {
        var path = new WorkFolders(_folder.At("work")).Create(Run());

        Assert.Equal(("700", "700"), (UnixMode.Of(path), UnixMode.Of(_folder.At("work"))));
    }

    [Fact]
    public void A_runs_folder_is_empty_whatever_was_left_there()
    {
        var folders = new WorkFolders(_folder.At("work"));
        File.WriteAllText(Path.Combine(folders.Create(Run()), "result.json"), "{}");

        Assert.Empty(Directory.EnumerateFileSystemEntries(folders.Create(Run())));
    }

    private static RunContext Run()
    {
        var plan = new DoerPlan { Program = "x", Timeout = TimeSpan.FromSeconds(1) };
        return new RunContext { RequestId = new RequestId("r:1"), MsgType = new MsgType("t"), Attempt = 1, Plan = plan };
    }
}
