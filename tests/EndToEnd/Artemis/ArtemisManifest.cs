using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Artemis;

/// <summary>Doers that write each start into one file, <c>book</c> in the cache folder, and one that runs until it is let go.</summary>
internal static class ArtemisManifest
{
    public static string Text(TemporaryFolder folder)
    {
        const UnixFileMode Runs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        // One short append is one write: two doers never mix their lines.
        var book = folder.Write("book-keeper", "#!/bin/sh\necho \"$1\" >> \"$SWF_TMP_DIR/book\"\n", Runs);
        // The folder goes with its test, and the doer with the folder.
        var wait = folder.Write("wait-for", "#!/bin/sh\nwhile [ -d \"$SWF_TMP_DIR\" ] && [ ! -e \"$SWF_TMP_DIR/go\" ]; do sleep 0.05; done\n", Runs);
        return $$"""
            [testbed]
            namespace = "prodops"

            [lane.book]
            slots = 4

            [lane.wait]
            slots = 1

            [capability.once]
            description = "must not be started twice"
            doer        = ["{{book}}", "{n}"]
            timeout     = "20s"
            lane        = "book"
            recovery    = "report"
            dedup_key   = "once:{n}"
            environment = ["SWF_TMP_DIR"]
            fields      = { n = { type = "id", required = true } }

            [[capability.once.on.ok]]
            msg_type = "done_once"
            n        = "{n}"

            [[capability.once.on.unknown]]
            msg_type = "in_doubt"
            n        = "{n}"

            [capability.wait_for]
            description = "runs until a file appears"
            doer        = ["{{wait}}"]
            timeout     = "5m"
            grace       = "1s"
            lane        = "wait"
            environment = ["SWF_TMP_DIR"]
            fields      = { key = { type = "id", required = true } }
            """;
    }
}
