using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>
/// The small manifest, and <c>again</c> (may run again) and <c>once</c> (must not), which run until a file <c>go</c> appears in the
/// cache folder. Each writes its start, a SIGTERM that it gets and its end into a file of its name there.
/// </summary>
internal static class DrainManifest
{
    private const string Body = """
        f="$SWF_TMP_DIR/$(basename "$0")"; echo "start $$" >> "$f"; trap 'echo term >> "$f"; exit 1' TERM
        while [ -d "$SWF_TMP_DIR" ] && [ ! -e "$SWF_TMP_DIR/go" ]; do sleep 0.05; done
        echo "end $$" >> "$f"
        r="$OPSAGENT_RESULT_DIR/result.json"; echo '{"exit_code":0,"result":""}' > "$r.new" && mv "$r.new" "$r"; exit 0
        """;

    public static string Of(TemporaryFolder folder) => Manifests.Small(folder) + $$$"""


        [lane.both]
        slots = 2

        [capability.again]
        description = "wait; may run again"
        doer        = ["{{{Manifests.Program(folder, "again", Body)}}}", "{key}"]
        timeout     = "60s"
        grace       = "2s"
        lane        = "both"
        recovery    = "rerun"
        on_drain    = "requeue"
        environment = ["SWF_TMP_DIR"]

        [capability.again.fields]
        key = { type = "id", required = true }

        [capability.once]
        description = "wait; must not run twice"
        doer        = ["{{{Manifests.Program(folder, "once", Body)}}}", "{key}"]
        timeout     = "60s"
        grace       = "2s"
        lane        = "both"
        dedup_key   = "once:{key}"
        recovery    = "report"
        on_drain    = "finish"
        capture     = "files"
        environment = ["SWF_TMP_DIR"]

        [capability.once.fields]
        key = { type = "id", required = true }
        """;
}
