namespace OpsAgent.Agent.Launching;

/// <summary>
/// What a sandbox shows at which place, as its mounts are added one by one: bubblewrap follows no absolute link in a mount's place, and
/// what is to be hidden may be seen at more places than one.
/// </summary>
internal sealed class SandboxView
{
    private const int MostLinks = 40;
    private const string Root = "/";

    // What comes later stands over what came before.
    private readonly List<(string Place, string? Source)> _mounts = [(Root, Root)];

    /// <summary>From now on an empty folder is there, or a file that can't be opened.</summary>
    public void Empty(string place) => _mounts.Add((place, null));

    /// <summary>From now on a file or folder of the host's, named without links, is seen there.</summary>
    public void Show(string place, string source) => _mounts.Add((place, source));

    /// <summary>Where a path leads inside, by the links that are seen there; the place need not exist.</summary>
    public string Find(string path)
    {
        var parts = new Stack<string>(path.Split('/').Reverse());
        var (place, links) = (Root, 0);
        while (parts.TryPop(out var part))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part == "..")
            {
                place = Path.GetDirectoryName(place) ?? Root;
                continue;
            }

            place = Path.Combine(place, part);
            if (links < MostLinks && HostPath(place) is { } host && new FileInfo(host).LinkTarget is { } target)
            {
                links++;
                place = target.StartsWith('/') ? Root : Path.GetDirectoryName(place) ?? Root;
                target.Split('/').Reverse().ToList().ForEach(parts.Push);
            }
        }

        return place;
    }

    /// <summary>Whether something of the host's is seen where a path leads.</summary>
    public bool IsSeen(string path) => HostPath(Find(path)) is not null;

    /// <summary>Whether an empty folder was put at a place itself.</summary>
    public bool IsEmpty(string place) => _mounts.FindLast(m => IsBelow(place, m.Place)) == (place, null);

    /// <summary>Whether there or beneath it something was made empty.</summary>
    public bool HoldsEmpty(string place) => _mounts.Exists(m => m.Source is null && IsBelow(m.Place, place));

    /// <summary>All places at which something of the host's, named without links, is seen.</summary>
    public IReadOnlyList<string> PlacesOf(string source) =>
        [.. _mounts.Where(m => m.Source is { } from && IsBelow(source, from)).Select(m => Beneath(m.Place, source, m.Source!))
            .Where(place => HostPath(place) == source).Distinct(StringComparer.Ordinal)];

    private static bool IsBelow(string path, string folder) =>
        folder == Root || path == folder || (path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length] == '/');

    /// <summary>What <paramref name="path"/> is to <paramref name="folder"/>, beneath another.</summary>
    private static string Beneath(string other, string path, string folder)
    {
        var rest = path[folder.Length..].TrimStart('/');
        return rest.Length == 0 ? other : Path.Combine(other, rest);
    }

    private string? HostPath(string place)
    {
        var (at, source) = _mounts.FindLast(m => IsBelow(place, m.Place));
        return source is null ? null : Beneath(source, place, at);
    }
}
