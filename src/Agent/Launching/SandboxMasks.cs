namespace OpsAgent.Agent.Launching;

/// <summary>What a sandbox does not show of the host, as words for bubblewrap.</summary>
/// <param name="words">The command line so far.</param>
/// <param name="view">What it shows so far.</param>
internal sealed class SandboxMasks(List<string> words, SandboxView view)
{
    private const string Nothing = "/dev/null";
    private const string Root = "/";

    // A mount each: a folder of more is shown as it is, with a mask on the file.
    private const int MostEntries = 256;

    /// <summary>Folders are empty, files can't be opened, wherever they are seen.</summary>
    public void Hide(IEnumerable<string> paths)
    {
        foreach (var path in paths.Select(FileIdentity.RealPath).Distinct(StringComparer.Ordinal))
        {
            foreach (var place in view.PlacesOf(path))
            {
                if (Directory.Exists(path))
                {
                    Empty(place);
                }
                else if (File.Exists(path))
                {
                    words.AddRange(["--ro-bind", Nothing, place]);
                    view.Empty(place);
                }
            }
        }
    }

    /// <summary>Makes the place an empty folder, unless it is a folder that is empty already.</summary>
    public void Empty(string place)
    {
        if (view.IsEmpty(place))
        {
            return;
        }

        words.AddRange(["--tmpfs", place]);
        view.Empty(place);
    }

    /// <summary>
    /// A mask on a file comes off when the host renames another over it, and what is not there yet can't be masked. So the folder in which
    /// it is, or will come to be, is hidden where it holds files alone, and else made anew of everything else that it holds. What is shown
    /// in it on purpose comes later.
    /// </summary>
    public void HideFoldersOf(IEnumerable<string> files)
    {
        string[] all = [.. files.SelectMany(Links).Distinct(StringComparer.Ordinal)];
        var secret = all.Concat(all.Select(FileIdentity.RealPath)).ToHashSet(StringComparer.Ordinal);

        // From the outside in: a folder that is made anew shows those beneath it again.
        foreach (var folder in all.Select(StandingFolder).Where(static f => f != Root).Distinct(StringComparer.Ordinal).OrderBy(static f => f.Length))
        {
            if (Entries(folder) is not { } entries)
            {
                continue;
            }

            var isTheirs = secret.Any(s => Path.GetDirectoryName(s) == folder) && entries.All(static e => e is not DirectoryInfo);
            foreach (var place in view.PlacesOf(folder))
            {
                Empty(place);
                if (!isTheirs)
                {
                    ShowAgain(place, entries.Where(e => !secret.Contains(e.FullName)));
                }
            }
        }
    }

    /// <summary>A path and, where it is a link, also what it leads to, which need not be there.</summary>
    private static IEnumerable<string> Links(string path)
    {
        string? target = null;
        try
        {
            target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            // Links in a circle lead nowhere.
        }

        return target is null ? [path] : [path, target];
    }

    /// <summary>The nearest folder above that is there, without links.</summary>
    private static string StandingFolder(string path)
    {
        var folder = Path.GetDirectoryName(path);
        while (folder is not null && !Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return FileIdentity.RealPath(folder ?? Root);
    }

    /// <summary>Null if they can't be listed, or are too many.</summary>
    private static FileSystemInfo[]? Entries(string folder)
    {
        try
        {
            FileSystemInfo[] entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Take(MostEntries + 1)];
            return entries.Length > MostEntries ? null : entries;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void ShowAgain(string place, IEnumerable<FileSystemInfo> entries)
    {
        foreach (var entry in entries)
        {
            var at = Path.Combine(place, entry.Name);

            // One that has gone by then is no reason not to run.
            words.AddRange(entry.LinkTarget is { } target ? ["--symlink", target, at] : ["--ro-bind-try", entry.FullName, at]);
            view.Show(at, entry.FullName);
        }
    }
}
