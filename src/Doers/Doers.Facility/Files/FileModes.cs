namespace OpsAgent.Doers.Facility.Files;

/// <summary>Modes in the facility's scratch: its web server reads as another user, and its group shares the folders.</summary>
public static class FileModes
{
    /// <summary>02775: a shared folder, its group inherited.</summary>
    public const uint SharedFolder = 0x5FD;

    /// <summary>0644: a file that everybody may read.</summary>
    public const uint ReadableFile = 0x1A4;

    /// <summary>0600: a file for this run alone.</summary>
    public const uint PrivateFile = 0x180;

    /// <summary>0664: a file that the group's members take turns with.</summary>
    public const uint GroupFile = 0x1B4;
}
