using System.Text;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>What is searched: each piece with the place that it is from.</summary>
internal sealed class Evidence
{
    private readonly List<(string Place, string Where, byte[] Bytes)> _pieces = [];

    public void Add(string place, string where, string text) => Add(place, where, Encoding.UTF8.GetBytes(text));

    public void Add(string place, string where, byte[] bytes) => _pieces.Add((place, where, bytes));

    /// <summary>Every file below a folder, and each name; not what <paramref name="except"/> takes.</summary>
    public void AddFolder(string place, string folder, Func<string, bool>? except = null)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (file.UnixFileMode != UnixFileMode.None && IsRegular(file) && except?.Invoke(file.FullName) != true)
            {
                _pieces.Add((place, file.FullName, [.. Encoding.UTF8.GetBytes(file.FullName), .. Bytes(file.FullName)]));
            }
        }
    }

    /// <summary>The command lines and environments that were seen.</summary>
    public void AddProcesses(ProcessSamples samples)
    {
        foreach (var (program, commandLine, environment) in samples.Seen)
        {
            _pieces.Add(("argv", program, commandLine));
            _pieces.Add(("environment", program, environment));
        }
    }

    /// <summary>Every piece that holds one of them, in words; but for environments that it was lent to.</summary>
    public IReadOnlyList<string> Hits(IEnumerable<Canary> canaries) =>
    [
        .. from canary in canaries
           from piece in _pieces
           where !(piece.Place == "environment" && canary.LentTo.Contains(piece.Where)) && canary.IsIn(piece.Bytes)
           select $"{canary.Name} in {piece.Place}: {piece.Where}",
    ];

    /// <summary>Where something is found that may be everywhere.</summary>
    public IReadOnlySet<string> PlacesOf(Canary mark) => _pieces.Where(p => mark.IsIn(p.Bytes)).Select(static p => p.Place).ToHashSet();

    private static bool IsRegular(FileInfo file) => (file.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Device)) == 0 && !IsSocket(file.FullName);

    private static bool IsSocket(string path) => path.EndsWith(".sock", StringComparison.Ordinal);

    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes;
    }
}
