using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Chaos;

/// <summary>Two capabilities that write each start into one book: one that must not be repeated, one that may be.</summary>
internal static class BookManifest
{
    public const int Slots = 4;

    public static string Text(TemporaryFolder folder)
    {
        const UnixFileMode Runs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        // One short append is one write: two doers never mix their lines.
        var doer = folder.Write("book-keeper", "#!/bin/sh\necho \"$1 $2\" >> \"$SWF_TMP_DIR/book\"\nsleep 0.03\n", Runs);
        return $$"""
            [lane.book]
            slots = {{Slots}}

            [capability.once]
            description = "must not be started twice"
            doer        = ["{{doer}}", "once", "{n}"]
            timeout     = "20s"
            lane        = "book"
            recovery    = "report"
            dedup_key   = "once:{n}"
            environment = ["SWF_TMP_DIR"]
            fields      = { n = { type = "id", required = true } }

            [capability.again]
            description = "may be repeated"
            doer        = ["{{doer}}", "again", "{n}"]
            timeout     = "20s"
            lane        = "book"
            recovery    = "rerun"
            environment = ["SWF_TMP_DIR"]
            fields      = { n = { type = "id", required = true } }
            """;
    }
}
