namespace OpsAgent.Build;

/// <summary>The tree that a host runs: bin/, doers/, agents/, systemd/, share/.</summary>
internal static class Deploy
{
    private const UnixFileMode ReadByAll = (UnixFileMode)0b110_100_100;
    private const UnixFileMode RunByAll = (UnixFileMode)0b111_101_101;

    private static readonly string[] AheadOfTime =
    [
        "-p:RuntimeIdentifier=linux-x64", "-p:AppendRuntimeIdentifierToOutputPath=false", "-p:SelfContained=false",
        "-p:PublishReadyToRun=true",
    ];

    /// <summary>Builds, publishes beside <paramref name="folder"/>, then swaps: a failure leaves the old tree alone.</summary>
    public static int Publish(string folder)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Refusal(target) is { } reason)
        {
            Console.Error.WriteLine($"build: {target} {reason}; it was left as it is");
            return 1;
        }

        var made = $"{target}.new-{Environment.ProcessId}";
        try
        {
            var code = Solution.Build();
            code = code != 0 ? code : Fill(made, Doers(), AheadOfTime);
            if (code == 0)
            {
                Swap(made, target);
                Console.WriteLine($"published to {target}");
            }

            return code;
        }
        finally
        {
            if (Directory.Exists(made))
            {
                Directory.Delete(made, recursive: true);
            }
        }
    }

    /// <summary>Why a publish to <paramref name="target"/> would destroy what is not ours; null if it would not.</summary>
    private static string? Refusal(string target)
    {
        if (File.Exists(target) || new DirectoryInfo(target).LinkTarget is not null)
        {
            return "is a file or a link, not a folder";
        }

        var entries = Directory.Exists(target) ? Directory.GetFileSystemEntries(target).Select(Path.GetFileName).ToList() : [];
        var isTree = File.Exists(Path.Combine(target, "bin", "opsagent"))
            && entries.All(entry => entry is "bin" or "doers" or "agents" or "systemd" or "share");
        return entries.Count == 0 || isTree ? null : "exists and is not a published tree";
    }

    /// <summary>Lays a tree of what was built, with the doers of these projects, into an empty or missing folder.</summary>
    public static int Fill(string tree, IEnumerable<string> doers, params string[] how)
    {
        (string Project, string Room)[] programs =
        [
            (Places.In("src", "Agent"), "bin"), (Places.In("src", "OpsCtl"), "bin"), .. doers.Select(doer => (doer, "doers")),
        ];
        foreach (var (project, room) in programs)
        {
            var code = Solution.Publish(project, Path.Combine(tree, room), how);
            if (code != 0)
            {
                return code;
            }
        }

        CopyFolder("agents", tree);
        CopyFolder("systemd", tree);
        if (Share.Fill(tree) is not 0 and var failed)
        {
            return failed;
        }

        DropAndSetModes(tree);
        string[] needed =
        [
            "bin/opsagent", "bin/opsctl", "doers/payload-log", "doers/submit-task", "doers/panda-lookup.py", "doers/rucio-snapshot",
            "agents/prodops.toml", "systemd/epicprod-ops-agent.service", .. Share.Files,
        ];
        var missing = needed.Where(file => !File.Exists(Path.Combine(tree, file))).ToList();
        missing.ForEach(file => Console.Error.WriteLine($"build: the tree would lack {file}"));
        return missing.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Doers() =>
        Directory.GetFiles(Places.In("src", "Doers"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("<OutputType>Exe<", StringComparison.Ordinal));

    private static void CopyFolder(string name, string tree)
    {
        var room = Directory.CreateDirectory(Path.Combine(tree, name));
        foreach (var file in Directory.Exists(Places.In(name)) ? Directory.GetFiles(Places.In(name)) : [])
        {
            File.Copy(file, Path.Combine(room.FullName, Path.GetFileName(file)));
        }
    }

    /// <summary>Drops what only a developer needs and sets modes, whatever the umask and the packages' own modes are.</summary>
    private static void DropAndSetModes(string tree)
    {
        foreach (var entry in Directory.GetFileSystemEntries(tree, "*", SearchOption.AllDirectories).Append(tree))
        {
            if (Path.GetExtension(entry) is ".pdb" or ".xml")
            {
                File.Delete(entry);
            }
            else if (!OperatingSystem.IsWindows())
            {
                var runs = Directory.Exists(entry) || File.Exists($"{entry}.runtimeconfig.json");
                File.SetUnixFileMode(entry, runs ? RunByAll : ReadByAll);
            }
        }
    }

    private static void Swap(string made, string target)
    {
        var old = $"{target}.old-{Environment.ProcessId}";
        Directory.CreateDirectory(target);
        Directory.Move(target, old);
        try
        {
            Directory.Move(made, target);
        }
        catch (IOException)
        {
            Directory.Move(old, target);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }
}
