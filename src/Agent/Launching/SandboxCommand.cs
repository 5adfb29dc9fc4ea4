using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// bubblewrap's command line for a run: the host's files read-only, homes, temporary folders and the agent's own files hidden, the run's
/// folder writable at its place, process ids of its own. Not bound to the life of its parent: a doer may outlive the agent.
/// </summary>
internal sealed class SandboxCommand(LaunchingOptions options)
{
    // In /run/user are sockets by which a user's own systemd starts programs outside, and tokens of clients.
    private static readonly string[] Private = ["/tmp", "/var/tmp", "/home", "/root", "/run/user"];

    /// <summary>All that stands before the doer's own command.</summary>
    /// <param name="sandbox">What it may see.</param>
    /// <param name="doer">Its program.</param>
    /// <param name="folder">The run's own folder.</param>
    /// <param name="leftFolder">For a look-up: the folder of the attempt that it is about.</param>
    public IReadOnlyList<string> Of(DoerSandbox sandbox, DoerProgram doer, string folder, string? leftFolder)
    {
        var words = new List<string>
        {
            DoerSandbox.Program, "--unshare-pid", "--unshare-ipc", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
        };
        if (!sandbox.HasNetwork)
        {
            words.Add("--unshare-net");
        }

        var view = new SandboxView();
        var masks = new SandboxMasks(words, view);
        foreach (var home in Private.Append(Variable("HOME")).Where(static h => h != "/" && Directory.Exists(h)))
        {
            // The folder itself, and the link's place where that is hidden by then: the doer's home is to be there.
            masks.Empty(FileIdentity.RealPath(home));
            masks.Empty(view.Find(home));
        }

        var credentials = sandbox.Lent.Concat(sandbox.Renewed).Select(FileIdentity.RealPath).ToHashSet(StringComparer.Ordinal);
        List<string> secrets =
            [.. options.Secrets.Concat(sandbox.Withheld).Where(p => !Directory.Exists(p) && !credentials.Contains(FileIdentity.RealPath(p)))];
        masks.HideFoldersOf(secrets);
        ShowPrograms(words, view, doer);
        Show(words, view, "--ro-bind", sandbox.Readable.Select(Place));
        masks.Hide(options.Secrets.Where(Directory.Exists).Concat(sandbox.Hidden.Select(Place)));
        Show(words, view, "--ro-bind", sandbox.Lent.Where(File.Exists));
        if (leftFolder is not null && Directory.Exists(leftFolder))
        {
            Show(words, view, "--ro-bind", [leftFolder]);
        }

        Show(words, view, "--bind", sandbox.Writable.Select(Place).Append(folder));
        ShowRenewed(words, view, sandbox.Renewed);
        masks.Hide(secrets);
        words.AddRange(["--chdir", folder, "--"]);
        return words;
    }

    /// <summary>The doer's folder, and the runtime's, where they are beneath what is hidden.</summary>
    private void ShowPrograms(List<string> words, SandboxView view, DoerProgram doer)
    {
        var folders = new[] { Path.GetDirectoryName(doer.Path)!, Path.GetDirectoryName(doer.RealPath)!, Variable("DOTNET_ROOT") };
        foreach (var folder in folders.Where(f => Directory.Exists(f) && !view.IsSeen(f)))
        {
            Show(words, view, "--ro-bind", [folder]);
        }
    }

    /// <summary>Their folders, unless more is there that is hidden; and the files, where these are links or their folders are not shown.</summary>
    private static void ShowRenewed(List<string> words, SandboxView view, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            var folder = FileIdentity.RealPath(Path.GetDirectoryName(file)!);
            var isShown = Directory.Exists(folder) && !view.HoldsEmpty(view.Find(folder));
            Show(words, view, "--bind", isShown ? [Path.GetDirectoryName(file)!] : []);
            var isInFolder = isShown && FileIdentity.RealPath(file) == Path.Combine(folder, Path.GetFileName(file));
            Show(words, view, "--bind", File.Exists(file) && !isInFolder ? [file] : []);
        }
    }

    /// <summary>Each where its path leads inside.</summary>
    private static void Show(List<string> words, SandboxView view, string how, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var (source, place) = (FileIdentity.RealPath(path), view.Find(path));
            words.AddRange([how, source, place]);
            view.Show(place, source);
        }
    }

    private string Place(string path) =>
        path.StartsWith("{tmp}", StringComparison.Ordinal) ? Variable("SWF_TMP_DIR") + path["{tmp}".Length..]
        : path.StartsWith("{home}", StringComparison.Ordinal) ? Variable("HOME") + path["{home}".Length..]
        : path;

    /// <summary>An absolute path, or nothing.</summary>
    private string Variable(string name)
    {
        var value = options.Environment is { } given ? given.GetValueOrDefault(name) : Environment.GetEnvironmentVariable(name);
        return Path.IsPathFullyQualified(value ?? "") ? value! : "";
    }
}
