using System.Globalization;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>What the checks of folders have in common.</summary>
internal static class FolderFacts
{
    public const int ReadableByOthers = 0x5; // r-x
    public const int WritableByOthers = 0x2;
    public const int InheritsGroup = 0x400;
    private const int PassableByOthers = 0x1;
    private const double LeastShare = 0.05;

    /// <summary>Owner, group and mode, as <c>ls -ld</c> tells them.</summary>
    public static string Of(FileStatus status) =>
        $"belongs to {Accounts.NameOf(status.Owner)}:{Accounts.NameOfGroup(status.Group)}, mode {ModeOf(status.Permissions)}";

    /// <summary>A mode in octal, for example 02775.</summary>
    public static string ModeOf(int permissions) => "0" + Convert.ToString(permissions, 8).PadLeft(3, '0');

    /// <summary>The folder above it that others can't pass; null if they can come as far as it.</summary>
    public static string? ClosedAbove(string path)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (FileStatus.Of(above) is { } status && (status.Permissions & PassableByOthers) == 0)
            {
                return above;
            }
        }

        return null;
    }

    /// <summary>Says how much room there is.</summary>
    /// <param name="path">A folder of the disk.</param>
    /// <param name="least">Below this, or below 5 %, it is a warning.</param>
    /// <param name="findings">Where it is said.</param>
    public static void TellSpace(string path, long least, Findings findings)
    {
        var disk = new DriveInfo(path);
        Judge(disk.AvailableFreeSpace, disk.TotalSize, least, findings);
    }

    /// <summary>The same for a disk's two figures, in bytes.</summary>
    public static void Judge(long free, long size, long least, Findings findings)
    {
        var share = size > 0 ? (double)free / size : 0;
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{Gibibytes(free):0.0} GiB free of {Gibibytes(size):0.0} GiB ({share * 100:0.#} %)");
        if (free < least || share < LeastShare)
        {
            findings.Warn(
                "space",
                line,
                "make room: opsctl guard --no-liveness --prune-days 30 removes old payload logs; or give the folder a bigger disk");
        }
        else
        {
            findings.Ok("space", line);
        }
    }

    private static double Gibibytes(long bytes) => bytes / (double)(1 << 30);
}
