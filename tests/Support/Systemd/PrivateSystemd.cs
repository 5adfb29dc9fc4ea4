using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Support.Systemd;

/// <summary>
/// A real systemd in namespaces of its own, with a test's units alone; everything in it ends with it. Shares files and network.
/// </summary>
public sealed class PrivateSystemd : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ChildProcess _outer;

    private PrivateSystemd(string folder, ChildProcess outer) => (_folder, _outer) = (folder, outer);

    /// <summary>Its pid 1, as it is called outside.</summary>
    public int Pid { get; private set; }

    /// <summary>Its host name, which it takes from the files.</summary>
    public async Task<string> HostNameAsync() => (await RunAsync("/usr/bin/uname", "-n")).Output.Trim();

    /// <summary>Boots it.</summary>
    /// <param name="units">Unit files and drop-ins by their names beneath /etc/systemd/system.</param>
    /// <param name="places">
    /// What stands in it where this machine has something else: files and folders, without blanks in their names, by the places that
    /// they take, in this order.
    /// </param>
    public static async Task<PrivateSystemd> BootAsync(
        IReadOnlyDictionary<string, string> units, IEnumerable<KeyValuePair<string, string>>? places = null)
    {
        if (!File.Exists("/lib/systemd/systemd") || Environment.UserName != "root")
        {
            throw new InvalidOperationException("a private systemd needs root and the package: apt-get install --no-install-recommends systemd");
        }

        var folder = Directory.CreateTempSubdirectory("opsagent-systemd-").FullName;
        foreach (var (name, text) in units.Append(new("test.target", Target(units.Keys))))
        {
            var file = Path.Combine(folder, "units", name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, "places"), (places ?? []).Select(static p => $"{p.Value} {p.Key}"));
        var script = Path.Combine(Repository.Root, "tests", "Support", "Systemd", "boot.sh");
        var booting = new PrivateSystemd(folder, ChildProcess.Start(script, [folder], new Dictionary<string, string>()));
        try
        {
            await Eventually.HoldsAsync(booting.HasBooted, () => $"systemd has booted; it wrote:\n{booting._outer.Output}");
            return booting;
        }
        catch
        {
            await booting.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program in it.</summary>
    public async Task<ProgramRun> RunAsync(params string[] command)
    {
        await using var inside = ChildProcess.Start("/usr/bin/nsenter", Inside(command), new Dictionary<string, string>());
        var code = await inside.ExitAsync(TimeSpan.FromSeconds(60));
        return new ProgramRun(code, inside.Output);
    }

    /// <summary>The words that begin a command line in it.</summary>
    public IEnumerable<string> Inside(params IEnumerable<string> command) =>
        ["-t", $"{Pid}", "-m", "-p", "-u", "-i", "-C", "--", .. command];

    /// <summary>systemctl in it; throws with its words if it fails.</summary>
    public async Task<string> CtlAsync(params string[] arguments)
    {
        var run = await RunAsync(["/usr/bin/systemctl", "--no-pager", .. arguments]);
        return run.ExitCode == 0 ? run.Output.Trim() : throw new InvalidOperationException($"systemctl {string.Join(' ', arguments)}: {run.Output}");
    }

    /// <summary>One property of a unit.</summary>
    public Task<string> ShowAsync(string unit, string property) => CtlAsync("show", "-p", property, "--value", unit);

    /// <summary>Waits until a property of a unit has that value.</summary>
    public Task BecomesAsync(string unit, string property, string value, Func<string>? more = null) =>
        BecomesAsync(unit, property, text => text == value, () => $"{value}; {more?.Invoke()}");

    /// <summary>Waits until a property of a unit is as wanted.</summary>
    public async Task BecomesAsync(string unit, string property, Func<string, bool> wanted, Func<string>? more = null)
    {
        var now = "";
        await Eventually.HoldsAsync(
            () => wanted(now = ShowAsync(unit, property).GetAwaiter().GetResult()), () => $"{property} of {unit}, which is {now}: {more?.Invoke()}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _outer.DisposeAsync();
        var named = Path.Combine(_folder, "cgroup");
        if (File.Exists(named) && (await File.ReadAllTextAsync(named)).Trim() is { Length: > 0 } group)
        {
            await Eventually.HoldsAsync(() => IsRemoved(group), $"{group} is empty");
        }

        var own = Path.Combine(_folder, "cgroup2");
        if (Directory.Exists(own))
        {
            await using var unmount = ChildProcess.Start("/usr/bin/umount", [own], new Dictionary<string, string>());
            await unmount.ExitAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    // A cgroup can be removed once its last process is reaped, the innermost first.
    private static bool IsRemoved(string group)
    {
        if (!Directory.Exists(group))
        {
            return true;
        }

        try
        {
            foreach (var inner in Directory.GetDirectories(group))
            {
                if (!IsRemoved(inner))
                {
                    return false;
                }
            }

            Directory.Delete(group);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private bool HasBooted()
    {
        if (_outer.HasExited)
        {
            throw new InvalidOperationException($"no namespaces for a private systemd here (they need CAP_SYS_ADMIN and cgroup v2): {_outer.Output}");
        }

        // The script has children before it becomes what its one child is pid 1 of; and until that is systemd the namespaces are not whole.
        Pid = Pid != 0 ? Pid : Children(_outer.Pid).FirstOrDefault(static pid => Name(pid) == "systemd");
        return Pid != 0
            && RunAsync("/usr/bin/systemctl", "is-active", "test.target").GetAwaiter().GetResult().Output.Trim() == "active";
    }

    /// <summary>It knows of all services, so that systemd does not forget how one has ended.</summary>
    private static string Target(IEnumerable<string> units) =>
        $"[Unit]\nDefaultDependencies=no\nAfter={string.Join(' ', units.Where(static u => u.EndsWith(".service", StringComparison.Ordinal)))}\n";

    private static IEnumerable<int> Children(int pid) =>
        (Text($"/proc/{pid}/task/{pid}/children") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);

    private static string? Name(int pid) => Text($"/proc/{pid}/comm")?.Trim();

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The process is gone.
            return null;
        }
    }
}
