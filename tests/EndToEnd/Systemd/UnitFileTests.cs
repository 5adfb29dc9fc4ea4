using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Systemd;

public sealed class UnitFileTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [ServerFact("systemd")]
    public async Task Systemd_has_not_a_word_to_say_about_the_unit()
    {
        using var folder = new TemporaryFolder();
        var shipped = await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "systemd", ServiceScene.Unit));
        var unit = folder.Write(ServiceScene.Unit, shipped.Replace("/opt/opsagent/current", Deployment.Folder, StringComparison.Ordinal));
        await using var verify = ChildProcess.Start("/usr/bin/systemd-analyze", ["verify", "--man=no", unit], Nothing);

        // It ends with 0 after warnings too.
        Assert.Equal((0, ""), (await verify.ExitAsync(), verify.Output));
    }

    [ServerFact("systemd")]
    public async Task It_waits_for_the_file_system_of_each_folder_that_must_be_there()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Deployment.Folder, "systemd", ServiceScene.Unit));
        Assert.Equal(Of("ReadWritePaths="), Of("RequiresMountsFor="));
        Assert.Contains("remote-fs.target", Of("After="), StringComparison.Ordinal);

        string Of(string key) => Assert.Single(lines, l => l.StartsWith(key, StringComparison.Ordinal))[key.Length..];
    }

    [ServerFact("systemd")]
    public async Task User_and_folders_are_understood()
    {
        using var root = new TemporaryFolder();
        root.Write("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
        root.Write("etc/group", "root:x:0:\n");
        var users = root.Write("usr/lib/sysusers.d/opsagent.conf", await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "systemd", "sysusers.conf")));
        await using var makes = ChildProcess.Start("/usr/bin/systemd-sysusers", [$"--root={root.Path}"], Nothing);
        Assert.Equal(0, await makes.ExitAsync());
        Assert.Contains("wenauseic:", await File.ReadAllTextAsync(root.At("etc", "passwd")), StringComparison.Ordinal);
        Assert.True(File.Exists(users));

        var folders = Path.Combine(Deployment.Folder, "systemd", "tmpfiles.conf");
        await using var lays = ChildProcess.Start("/usr/bin/systemd-tmpfiles", ["--create", $"--root={root.Path}", folders], Nothing);
        Assert.Equal((0, ""), (await lays.ExitAsync(), lays.Output));
        Assert.True(Directory.Exists(root.At("data", "swf-tmp", "panda-logs")));
    }
}
