using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Chaos;

/// <summary>
/// Three capabilities whose doers write each start into one book: <c>again</c> may be repeated; <c>once</c> must not be, and leaves
/// nothing that tells how it ended; <c>kept</c> must not be, and leaves its result.
/// </summary>
internal static class ChaosManifest
{
    private const UnixFileMode Runs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // One short append is one write: two doers never mix their lines.
    private const string Doer = """
        #!/bin/sh
        echo "$1 $2 $OPSAGENT_REQUEST_ID" >> "$SWF_TMP_DIR/book"
        sleep 0.03
        if [ "$1" = kept ]; then
            echo '{"exit_code":0,"result":"done"}' > "$OPSAGENT_RESULT_DIR/result.json.tmp"
            mv "$OPSAGENT_RESULT_DIR/result.json.tmp" "$OPSAGENT_RESULT_DIR/result.json"
        fi

        """;

    public static string Text(TemporaryFolder folder, int slots)
    {
        var doer = folder.Write("book-keeper", Doer, Runs);
        return $$"""
            [lane.book]
            slots = {{slots}}

            {{Capability("again", doer, "recovery = \"rerun\"")}}
            {{Capability("once", doer, "recovery = \"report\"", "dedup_key = \"once:{n}\"")}}
            {{Capability("kept", doer, "recovery = \"report\"", "dedup_key = \"kept:{n}\"", "capture = \"files\"")}}
            """;
    }

    private static string Capability(string name, string doer, params string[] keys) => $$"""
        [capability.{{name}}]
        description = "writes down that it was started"
        doer        = ["{{doer}}", "{{name}}", "{n}"]
        timeout     = "60s"
        lane        = "book"
        environment = ["SWF_TMP_DIR"]
        fields      = { n = { type = "id", required = true } }
        {{string.Join('\n', keys)}}

        [[capability.{{name}}.on.ok]]
        msg_type = "done"
        n        = "{n}"

        [[capability.{{name}}.on.unknown]]
        msg_type = "in_doubt"
        n        = "{n}"

        """;
}
