using System.Text.RegularExpressions;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>Core dumps: a process's whole memory, its credentials included.</summary>
internal static partial class Cores
{
    private const int TypeAt = 16;
    private const int CoreType = 4;

    /// <summary>Every one below a folder, by its name or by its ELF header.</summary>
    public static IReadOnlyList<string> Below(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(static f => UsualName().IsMatch(Path.GetFileName(f)) || IsCore(f)),
    ];

    private static bool IsCore(string path)
    {
        if (!File.Exists(path) || path.EndsWith(".sock", StringComparison.Ordinal))
        {
            return false;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[TypeAt + 1];
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && header.StartsWith("\u007fELF"u8) && header[TypeAt] == CoreType;
    }

    [GeneratedRegex(@"^(core(\.[0-9]+)?|coredump\.[0-9]+|.*\.core)$", RegexOptions.ExplicitCapture)]
    private static partial Regex UsualName();
}
