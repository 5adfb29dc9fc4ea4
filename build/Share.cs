namespace OpsAgent.Build;

/// <summary>A tree's share/: opsctl's manual and completion scripts, where man and the shells look below a prefix.</summary>
internal static class Share
{
    private static readonly (string Shell, string File)[] Completions =
    [
        ("bash", "bash-completion/completions/opsctl"),
        ("zsh", "zsh/site-functions/_opsctl"),
        ("fish", "fish/vendor_completions.d/opsctl.fish"),
    ];

    /// <summary>What has to be there.</summary>
    public static IEnumerable<string> Files => Completions.Select(c => $"share/{c.File}").Append("share/man/man1/opsctl.1");

    /// <summary>Lets the tree's own opsctl write them.</summary>
    public static int Fill(string tree)
    {
        var opsctl = Path.Combine(tree, "bin", "opsctl.dll");
        var manual = Directory.CreateDirectory(Path.Combine(tree, "share", "man", "man1")).FullName;
        var (code, _) = Child.Read("dotnet", opsctl, "man", "--all", manual);
        foreach (var (shell, file) in Completions.TakeWhile(_ => code == 0))
        {
            var path = Path.Combine(tree, "share", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            (code, var script) = Child.Read("dotnet", opsctl, "completion", shell);
            File.WriteAllText(path, script);
        }

        return code;
    }
}
