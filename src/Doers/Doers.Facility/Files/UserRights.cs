namespace OpsAgent.Doers.Facility.Files;

/// <summary>What the user of this process may do with a file or folder, as the kernel says.</summary>
public static class UserRights
{
    private const int Execute = 1;
    private const int Write = 2;

    /// <summary>The number of the user whose rights count.</summary>
    public static uint User => Posix.EffectiveUser();

    /// <summary>True if the file may be executed.</summary>
    public static bool MayExecute(string path) => Posix.Access(path, Execute) == 0;

    /// <summary>True if files may be made in the folder.</summary>
    public static bool MayMakeFilesIn(string folder) => Posix.Access(folder, Write | Execute) == 0;
}
