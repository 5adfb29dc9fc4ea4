using System.Formats.Tar;
using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.PayloadLog.Archive;

/// <summary>
/// The records of PAX headers that no honest tar writes. None of them changes what the reader here makes of a member, but another
/// reader may see other files in the same tarball.
/// </summary>
internal static class PaxRecords
{
    private const string LinkPath = "linkpath";

    // For all members that follow: git archive writes a comment, others a time.
    private static readonly string[] NeverGlobal = ["path", LinkPath, "size"];

    /// <summary>Throws if a member, or a global header, has such a record.</summary>
    public static void ThrowIfOdd(TarEntry member)
    {
        if (member is PaxGlobalExtendedAttributesTarEntry global
            && NeverGlobal.FirstOrDefault(global.GlobalExtendedAttributes.ContainsKey) is { } record)
        {
            throw Refused($"a header for all members sets their {record}");
        }

        if (member is PaxTarEntry { EntryType: not (TarEntryType.SymbolicLink or TarEntryType.HardLink) } pax
            && pax.ExtendedAttributes.ContainsKey(LinkPath))
        {
            throw Refused($"member '{OneLine.Of(member.Name, 100)}' is no link and has a {LinkPath}");
        }
    }

    private static DoerException Refused(string what) => new(DoerExit.ArchiveLink, "tarball refused: " + what);
}
