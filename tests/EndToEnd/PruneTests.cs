using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>The cache pruned by the published opsctl, as a user whom modes stop.</summary>
public sealed class PruneTests : IDisposable
{
    private const string Nobody = "65534";

    private readonly TemporaryFolder _folder = new();

    private static bool IsRoot => Environment.UserName == "root";

    private string Logs => _folder.At("cache", "panda-logs");

    public void Dispose()
    {
        foreach (var shut in (string[])["1/11", "2"])
        {
            UnixMode.Set(Path.Combine(Logs, shut), "0755");
        }

        _folder.Dispose();
    }

    [ServerFact("util-linux")]
    public async Task What_it_may_not_remove_is_told_and_left_and_no_planted_link_leads_it_out()
    {
        UnixMode.Set(_folder.Path, "0755");
        var kept = Job(_folder.At("elsewhere"), "x/y");
        var old = Job(Logs, "1/10");
        Directory.CreateSymbolicLink(Path.Combine(old, "deep", "out"), _folder.At("elsewhere"));
        File.CreateSymbolicLink(Path.Combine(old, "deep", "payload.stderr"), Path.Combine(kept, "deep", "payload.stdout"));
        var shut = Job(Logs, "1/11");
        Job(Logs, "2/20");
        var last = Job(Logs, "3/30");
        Directory.CreateSymbolicLink(Path.Combine(Logs, "3", "31"), Path.Combine(_folder.At("elsewhere"), "x"));
        Directory.CreateSymbolicLink(Path.Combine(Logs, "4"), _folder.At("elsewhere"));
        await AgedAsync();
        UnixMode.Set(shut, "0555");
        UnixMode.Set(Path.Combine(Logs, "2"), "0000");

        var told = await PruneAsync();

        Assert.Contains("prune: remove: 2 job folder(s) of ", told, StringComparison.Ordinal);
        Assert.Contains("; 2 could not be removed", told, StringComparison.Ordinal);
        Assert.Contains($"prune: skip: {shut}: ", told, StringComparison.Ordinal);
        Assert.Contains($"prune: skip: {Path.Combine(Logs, "2")}: ", told, StringComparison.Ordinal);
        Assert.False(Directory.Exists(old) || Directory.Exists(last));
        Assert.True(File.Exists(Path.Combine(shut, ".done")));
        Assert.True(File.Exists(Path.Combine(kept, "deep", "payload.stdout")));
    }

    private static string Job(string root, string name)
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.Combine(path, "deep"));
        File.WriteAllText(Path.Combine(path, "deep", "payload.stdout"), "x");
        File.WriteAllText(Path.Combine(path, ".done"), "");
        return path;
    }

    /// <summary>All is of long ago, and the user's who prunes.</summary>
    private async Task AgedAsync()
    {
        if (IsRoot)
        {
            await RunAsync("/usr/bin/chown", "-hR", $"{Nobody}:{Nobody}", _folder.Path);
        }

        await RunAsync("/usr/bin/find", _folder.Path, "-mindepth", "1", "-exec", "touch", "-h", "-d", "2020-01-01", "{}", "+");
    }

    private Task<string> PruneAsync()
    {
        string[] guard = [Deployment.OpsCtl, "guard", "--no-liveness", "--prune-days", "30"];
        return IsRoot
            ? RunAsync("/usr/bin/setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", .. guard])
            : RunAsync(guard[0], guard[1..]);
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["HOME"] = _folder.Path,
            ["SWF_TMP_DIR"] = _folder.At("cache"),
            ["EPICPROD_ENV_FILE"] = "/dev/null",
            ["EPICPROD_GUARD_MEMORY"] = _folder.At("memory"),
        };
        await using var child = ChildProcess.Start(program, arguments, environment);
        Assert.True(await child.ExitAsync() == 0, child.Output);
        return child.Output;
    }
}
