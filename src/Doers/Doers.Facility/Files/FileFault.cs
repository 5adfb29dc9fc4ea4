using System.Runtime.InteropServices;

namespace OpsAgent.Doers.Facility.Files;

/// <summary>Turns failures of the file system into the exit codes that tell an operator what to do.</summary>
public static class FileFault
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int ReadOnlyFileSystem = 30;
    private const int PermissionDenied = 13;
    private const int NotPermitted = 1;
    private const int TooManyLinks = 40;
    private const int NotAFolder = 20;

    /// <summary>What a managed exception means, or null if it is not of the file system.</summary>
    public static DoerException? Translate(Exception fault) => fault switch
    {
        DoerException known => known,
        UnauthorizedAccessException => new(DoerExit.NotPermitted, fault.Message, fault),
        IOException { HResult: NoSpace or QuotaExceeded } => new(DoerExit.DiskFull, "disk full: " + fault.Message, fault),
        IOException { HResult: ReadOnlyFileSystem } => new(DoerExit.NotPermitted, fault.Message, fault),
        _ => null,
    };

    /// <summary>The failure of a system call just made, on <paramref name="path"/>.</summary>
    internal static DoerException FromSystem(string doing, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        var text = $"{doing} {OneLine.Of(path)}: {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            NoSpace or QuotaExceeded => new(DoerExit.DiskFull, "disk full: " + text),
            TooManyLinks or NotAFolder => new(DoerExit.NotPermitted, text + " (a symbolic link or a file stands where a folder is due)"),
            ReadOnlyFileSystem or PermissionDenied or NotPermitted => new(DoerExit.NotPermitted, text),
            _ => new(DoerExit.Failed, text),
        };
    }
}
