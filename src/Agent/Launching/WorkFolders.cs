using System.Globalization;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// A private folder per attempt (0700): the doer's working directory and the place of its <c>result.json</c> and output files. It
/// outlives the run, so that a restart can read it, and is removed once the request is settled.
/// </summary>
internal sealed class WorkFolders(string root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where an attempt's folder is, there or not.</summary>
    public string PathOf(RequestId request, int attempt) =>
        Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{request.Value}-{attempt}"));

    /// <summary>Where the folder of a run is: of an attempt, or of the look-ups of its request.</summary>
    public string PathOf(RunContext run) => run.IsLookUp ? LookUpPathOf(run.RequestId) : PathOf(run.RequestId, run.Attempt);

    /// <summary>Makes a run's folder, empty.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public string Create(RunContext run)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("doers are started on Linux only");
        }

        var path = PathOf(run);
        if (Path.Exists(path))
        {
            // The look-up before this one; or, since attempts are counted before they start, what a state that was set back has left.
            Directory.Delete(path, recursive: true);
        }

        Directory.CreateDirectory(root, OwnerOnly);
        Directory.CreateDirectory(path, OwnerOnly);
        return path;
    }

    /// <summary>Removes the folders of all attempts at a request that is settled; what can't be removed stays.</summary>
    /// <param name="request">The request.</param>
    /// <param name="attempts">How many there were.</param>
    /// <returns>False if something stayed.</returns>
    public bool Remove(RequestId request, int attempts)
    {
        var removed = TryRemove(LookUpPathOf(request));
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            removed &= TryRemove(PathOf(request, attempt));
        }

        return removed;
    }

    /// <summary>At start: removes every folder whose request is not one that is kept. Returns how many were removed.</summary>
    public int RemoveAllBut(Func<RequestId, bool> keep)
    {
        var removed = 0;
        foreach (var path in Directory.Exists(root) ? Directory.EnumerateDirectories(root) : [])
        {
            var name = Path.GetFileName(path);
            var hyphen = name.LastIndexOf('-');
            if (hyphen > 0 && RequestId.TryParse(name[..hyphen], out var request) && !keep(request) && TryRemove(path))
            {
                removed++;
            }
        }

        return removed;
    }

    private string LookUpPathOf(RequestId request) => Path.Combine(root, $"{request.Value}-look");

    private static bool TryRemove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A doer may leave what its agent may not remove; it takes room, nothing else, and the next start tries again.
            return false;
        }
    }
}
