using System.Formats.Tar;
using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.PayloadLog.Archive;

/// <summary>What is done with a member of a log tarball.</summary>
internal static class LogMember
{
    /// <summary>The logs that the monitor's page shows. A member is known by its base name: pilots choose the folder.</summary>
    public static readonly IReadOnlyList<string> Wanted =
        ["payload.stdout", "payload.stderr", "pilotlog.txt", "pandatracerlog.txt"];

    private const string SparseMark = "GNU.sparse.";

    /// <summary>The name to write a member under, null to skip it; throws if it makes the tarball one that is refused.</summary>
    public static string? NameFor(TarEntry member)
    {
        ThrowIfTraversal(member.Name);
        PaxRecords.ThrowIfOdd(member);
        var name = member.Name[(member.Name.LastIndexOf('/') + 1)..];
        if (!Wanted.Contains(name))
        {
            return null; // links among them are never followed, so they do no harm
        }

        if (member is PaxTarEntry pax && pax.ExtendedAttributes.Keys.Any(static key => key.StartsWith(SparseMark, StringComparison.Ordinal)))
        {
            throw Refused(member, "sparse file"); // what stands in it is a map of holes, not the log
        }

        return member.EntryType switch
        {
            TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile => name,
            TarEntryType.Directory or TarEntryType.DirectoryList => null,
            _ => throw Refused(member, $"{member.EntryType}"),
        };
    }

    private static DoerException Refused(TarEntry member, string kind) => new(
        DoerExit.ArchiveLink, $"tarball refused: member '{OneLine.Of(member.Name, 100)}' is a {kind}, not a file");

    // Only base names are ever used, so none could escape; but no pilot writes such a tarball.
    private static void ThrowIfTraversal(string path)
    {
        if (path.StartsWith('/') || path.Split('/').Contains(".."))
        {
            throw new DoerException(
                DoerExit.ArchiveTraversal, $"tarball refused: member '{OneLine.Of(path, 100)}' leads out of it");
        }
    }
}
