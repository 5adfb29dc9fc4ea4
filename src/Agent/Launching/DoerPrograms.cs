using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace OpsAgent.Agent.Launching;

/// <summary>A doer's program file.</summary>
/// <param name="Path">What is executed: absolute, as it was named.</param>
/// <param name="RealPath">The file itself, behind any symbolic link.</param>
/// <param name="Hash">SHA-256 of the file, lower-case hex; empty if it can't be read.</param>
internal sealed record DoerProgram(string Path, string RealPath, string Hash)
{
    /// <summary>The doer's name in the log.</summary>
    public string Name => System.IO.Path.GetFileName(Path);
}

/// <summary>Finds doers' programs, at each start anew, below the doers' folder or by absolute path; never by PATH.</summary>
internal sealed class DoerPrograms(string doersFolder)
{
    private readonly ConcurrentDictionary<string, (FileIdentity Identity, string RealPath, string Hash)> _known = new();

    /// <summary>Finds one; if it can't be started the reason says why.</summary>
    public bool TryFind(string name, out DoerProgram program, out string reason)
    {
        program = new DoerProgram("", "", "");
        if (!TryLocate(name, out var path))
        {
            reason = $"not started: '{name}' is neither an absolute path nor a plain file name";
            return false;
        }

        var error = FileIdentity.TryRead(path, out var identity);
        reason = error switch
        {
            0 when !identity.IsRegular => $"not started: {path} is no file",
            0 when !identity.IsExecutable => $"not started: {path} is not executable",
            0 => "",
            Errno.NoEntry or Errno.NotAFolder => $"not started: {path} does not exist",
            _ => $"not started: {path}: {SpawnFailure.Text(error)}",
        };
        if (reason.Length > 0)
        {
            return false;
        }

        if (!_known.TryGetValue(path, out var known) || known.Identity != identity)
        {
            known = (identity, FileIdentity.RealPath(path), Hash(path));
            _known[path] = known;
        }

        program = new DoerProgram(path, known.RealPath, known.Hash);
        return true;
    }

    private bool TryLocate(string name, out string path)
    {
        path = name;
        if (name.Contains('\0', StringComparison.Ordinal) || name.Length is 0 or > 4096)
        {
            return false;
        }

        if (Path.IsPathFullyQualified(name))
        {
            return true;
        }

        path = Path.Combine(doersFolder, name);
        return !name.Contains('/', StringComparison.Ordinal) && name is not ("." or "..");
    }

    private static string Hash(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // May be executed but not read: it runs all the same, and its hash is not known.
            return "";
        }
    }
}
