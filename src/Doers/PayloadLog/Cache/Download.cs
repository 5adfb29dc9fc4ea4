using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.PayloadLog.Cache;

/// <summary>
/// The tarball on its way, <c>downloads/&lt;lfn&gt;.&lt;pandaid&gt;.&lt;hash of the key&gt;-&lt;run&gt;</c>: its own for each run, and gone with it.
/// </summary>
internal sealed class Download : IDisposable
{
    public const string FolderName = "downloads";
    private const int LfnKept = 180; // the whole name must stay below 255

    private readonly Folder _folder;
    private readonly string _name;

    private Download(Folder folder, string name)
    {
        _folder = folder;
        _name = name;
    }

    /// <summary>Where a copying program writes it.</summary>
    public string Path => _folder.PathOf(_name);

    /// <summary>What the names of all runs for this key have in them, and those of no other key.</summary>
    public static string Mark(PayloadLogArguments arguments) => $".{RunLock.HashOf(arguments.Key)}-";

    /// <summary>Makes it, empty and this user's alone, so that the copying program writes into a file that is ours.</summary>
    public static Download Create(Folder folder, PayloadLogArguments arguments)
    {
        var lfn = arguments.Did.Name;
        var shown = lfn.Length > LfnKept ? lfn[..LfnKept] : lfn;
        var name = $"{shown}.{arguments.PandaId}{Mark(arguments)}{Guid.NewGuid().ToString("N")[..8]}";
        folder.CreateFile(name, FileModes.PrivateFile).Dispose();
        return new Download(folder, name);
    }

    /// <summary>Opens what was copied.</summary>
    public FileStream OpenRead() => _folder.OpenFile(_name);

    public void Dispose() => _folder.RemoveFile(_name);
}
