using System.ComponentModel;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Demo;

/// <summary>A copy of this checkout as a fresh clone would be, with what is not committed yet.</summary>
internal static class CleanCheckout
{
    private static readonly string[] NeverCommitted = ["bin", "obj", "artifacts", ".git"];

    public static async Task MakeAsync(string folder)
    {
        foreach (var path in await FilesOfGitAsync() ?? FilesHere(Repository.Root))
        {
            var (from, to) = (Path.Combine(Repository.Root, path), Path.Combine(folder, path));
            if (File.Exists(from)) // one that is deleted, but not in git yet, is not there
            {
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(from, to);
            }
        }
    }

    /// <summary>Null without git, or where this is no clone of it.</summary>
    private static async Task<IReadOnlyList<string>?> FilesOfGitAsync()
    {
        try
        {
            await using var git = ChildProcess.Start(
                "git", ["-c", "safe.directory=*", "-C", Repository.Root, "ls-files", "--cached", "--others", "--exclude-standard"], new Dictionary<string, string>());
            return await git.ExitAsync() == 0 ? git.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static List<string> FilesHere(string root) =>
    [
        .. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(path => Path.GetRelativePath(root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(NeverCommitted).Any()),
    ];
}
