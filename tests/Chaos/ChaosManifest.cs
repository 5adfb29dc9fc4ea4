using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Chaos;

/// <summary>
/// Capabilities whose doers write each start into one book: <c>again</c> may be repeated; the others must not be. <c>once</c> leaves
/// nothing that tells how it ended; <c>kept</c> leaves its result; what became of <c>looked</c> is found in the book; <c>later</c> leaves
/// its result and asks at first, before it does anything, to be tried again.
/// </summary>
internal static class ChaosManifest
{
    private const UnixFileMode Runs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // One short append is one write: two doers never mix their lines.
    private const string Doer = """
        #!/bin/sh
        leave() {
            echo "{\"exit_code\":$1,\"result\":\"done\"}" > "$OPSAGENT_RESULT_DIR/result.json.tmp"
            mv "$OPSAGENT_RESULT_DIR/result.json.tmp" "$OPSAGENT_RESULT_DIR/result.json"
        }
        if [ "$1" = later ] && mkdir "$SWF_TMP_DIR/tried-$OPSAGENT_REQUEST_ID" 2> /dev/null; then
            leave 75
            exit 75
        fi
        echo "$1 $2 $OPSAGENT_REQUEST_ID" >> "$SWF_TMP_DIR/book"
        sleep 0.03
        if [ "$1" = kept ] || [ "$1" = later ]; then
            leave 0
        fi

        """;

    private const string Finder = """
        #!/bin/sh
        grep -qsx "looked $1 $OPSAGENT_REQUEST_ID" "$SWF_TMP_DIR/book" || exit 4

        """;

    public static string Text(TemporaryFolder folder, int slots)
    {
        var doer = folder.Write("book-keeper", Doer, Runs);
        var finder = folder.Write("book-reader", Finder, Runs);
        return $$"""
            [lane.book]
            slots = {{slots}}

            {{Capability("again", doer, "recovery = \"rerun\"")}}
            {{Capability("once", doer, "recovery = \"report\"", "dedup_key = \"once:{n}\"")}}
            {{Capability("kept", doer, "recovery = \"report\"", "dedup_key = \"kept:{n}\"", "capture = \"files\"")}}
            {{Capability("later", doer, "recovery = \"report\"", "dedup_key = \"later:{n}\"", "capture = \"files\"")}}
            {{Capability("looked", doer, "recovery = \"report\"", "dedup_key = \"looked:{n}\"")}}
            [[capability.looked.look_up]]
            doer       = ["{{finder}}", "{n}"]
            exit_codes = { 0 = "ok", 4 = "error" }
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
