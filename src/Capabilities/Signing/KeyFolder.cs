using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Capabilities.Signing;

/// <summary>
/// Keys by their ids, one a file: 64 to 128 hex digits. A file counts only if nobody but those who may sign can read it and nobody but
/// its owner can have written it; what is not acceptable is told and never read.
/// </summary>
/// <param name="Problem">What is wrong with the folder itself, as the end of a sentence that begins with its path; then there are no files.</param>
/// <param name="Files">Sorted by id.</param>
public sealed record KeyFolder(string? Problem, IReadOnlyList<KeyFile> Files)
{
    private const int GroupOrOthersWrite = 0x12; // 022
    private const int MoreThanGroupReads = 0x1F; // 037
    private const int LargestFile = 1024;
    private const int MostFiles = 1_000;

    /// <summary>True if it could not be looked at just now: nothing is known of its files, neither good nor bad.</summary>
    public bool CouldNotLook { get; init; }

    /// <summary>Looks at all files of a folder whose names end with <c>.key</c>; throws nothing for what it finds.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="anyOwner">
    /// True for whoever signs, who need not own the key. False for whoever believes signatures: folder and files must be the user's own
    /// or root's, or somebody else could put a key there.
    /// </param>
    public static KeyFolder Read(string path, bool anyOwner = false)
    {
        using var folder = FileCalls.OpenFolder(path, out var error);
        if (folder is null || FileCalls.StatusOf(folder) is not { } status)
        {
            return new KeyFolder($"can't be opened: {FileCalls.Words(error)}", [])
            {
                CouldNotLook = folder is not null || FileCalls.IsMomentary(error),
            };
        }

        if (!anyOwner && WrongOwner(status.Owner) is { } wrong)
        {
            return new KeyFolder(wrong, []);
        }

        if ((status.Mode & GroupOrOthersWrite) != 0)
        {
            return new KeyFolder($"has mode {Octal(status.Mode)}: others may put keys there; chmod go-w", []);
        }

        try
        {
            var names = new DirectoryInfo(path).EnumerateFileSystemInfos("*" + KeyFile.Extension).Take(MostFiles).Select(static f => f.Name);
            return new KeyFolder(null, [.. names.Order(StringComparer.Ordinal).Select(n => ReadFile(folder, n, anyOwner))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new KeyFolder($"can't be read: {e.Message}", []) { CouldNotLook = e is IOException and not DirectoryNotFoundException };
        }
    }

    /// <summary>The key of that id; null if there is no acceptable one.</summary>
    public SigningKey? Find(string id) => Files.FirstOrDefault(f => f.Id == id)?.Key;

    private static KeyFile ReadFile(SafeFileHandle folder, string name, bool anyOwner)
    {
        var id = name[..^KeyFile.Extension.Length];
        if (!KeyId.IsValid(id))
        {
            return new KeyFile(id, null, $"is not called by a key's id: {KeyId.Form}", null);
        }

        using var file = FileCalls.OpenFile(folder, name, out var error);
        if (file is null || FileCalls.StatusOf(file) is not { } status)
        {
            return new KeyFile(id, null, $"can't be opened: {FileCalls.Words(error)}", null)
            {
                CouldNotLook = file is not null || FileCalls.IsMomentary(error),
            };
        }

        var problem = !status.IsRegular ? "is no regular file"
            : !anyOwner && WrongOwner(status.Owner) is { } wrong ? wrong
            : (status.Mode & MoreThanGroupReads) != 0 ? $"has mode {Octal(status.Mode)}: at most 0640, better 0600"
            : null;
        var (key, couldNotRead) = problem is null ? ReadKey(file, id) : default;
        problem ??= couldNotRead ? "can't be read" : key is null ? "holds no key: 64 to 128 hex digits on one line" : null;
        return new KeyFile(id, key, problem, status.ChangedAt) { CouldNotLook = couldNotRead };
    }

    private static (SigningKey? Key, bool CouldNotRead) ReadKey(SafeFileHandle file, string id)
    {
        try
        {
            Span<byte> bytes = stackalloc byte[LargestFile];
            var text = Encoding.Latin1.GetString(bytes[..RandomAccess.Read(file, bytes, 0)]).Trim('\n', '\r', ' ', '\t');
            var fits = text.Length is >= 2 * SigningKey.MinBytes and <= 2 * SigningKey.MaxBytes;
            return (fits ? new SigningKey(id, Convert.FromHexString(text)) : null, false);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            // Told as a file without a key; what stands in it is never shown.
            return (null, e is IOException);
        }
    }

    private static string? WrongOwner(uint owner) =>
        owner == 0 || owner == FileCalls.EffectiveUser() ? null : $"belongs to user {owner}, neither to this one nor to root";

    private static string Octal(int mode) => "0" + Convert.ToString(mode & 0xFFF, 8).PadLeft(3, '0');
}
