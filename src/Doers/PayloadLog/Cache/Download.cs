using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.PayloadLog.Cache;

/// <summary>
/// The tarball on its way, <c>downloads/&lt;lfn&gt;.&lt;pandaid&gt;.&lt;hash of the key&gt;-&lt;run&gt;</c>: its own for each run, and gone with it.
/// Others write in its folder, so that all is done by the descriptor it was made with, and nothing by its name.
/// </summary>
internal sealed class Download : IDisposable
{
    public const string FolderName = "downloads";
    private const int LfnKept = 180; // the whole name must stay below 255

    private readonly Folder _folder;
    private readonly string _name;

    private Download(Folder folder, string name, FileStream file)
    {
        File = file;
        _folder = folder;
        _name = name;
    }

    /// <summary>The open file, to be read and written.</summary>
    public FileStream File { get; }

    /// <summary>What the names of all runs for this key have in them, and those of no other key.</summary>
    public static string Mark(PayloadLogArguments arguments) => $".{RunLock.HashOf(arguments.Key)}-";

    /// <summary>Makes it, empty and this user's alone, so that what is copied goes into a file that is ours.</summary>
    public static Download Create(Folder folder, PayloadLogArguments arguments)
    {
        var lfn = arguments.Did.Name;
        var shown = lfn.Length > LfnKept ? lfn[..LfnKept] : lfn;
        var name = $"{shown}.{arguments.PandaId}{Mark(arguments)}{Guid.NewGuid().ToString("N")[..8]}";
        return new Download(folder, name, folder.CreateFile(name, FileModes.PrivateFile, FileAccess.ReadWrite));
    }

    /// <summary>What was copied, from its start.</summary>
    public Stream Content()
    {
        File.Position = 0;
        return File;
    }

    public void Dispose()
    {
        using (File)
        {
            _folder.RemoveFile(_name, File);
        }
    }
}
