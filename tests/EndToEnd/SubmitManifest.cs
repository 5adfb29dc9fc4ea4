using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>
/// The small manifest, and <c>submit</c> in the lane of <c>wait_for</c>: it must not run twice, and writes its task and its cache
/// folder into <c>submitted</c> in the scene's folder, whichever agent runs it.
/// </summary>
internal static class SubmitManifest
{
    public static string Of(TemporaryFolder folder) => Manifests.Small(folder) + $$$"""


        [capability.submit]
        description = "append a task to a file, once"
        doer        = ["{{{Manifests.Program(folder, "submit", $"echo \"$1 $SWF_TMP_DIR\" >> '{folder.At("submitted")}'")}}}", "{task}"]
        timeout     = "20s"
        lane        = "slow"
        max_age     = "15m"
        dedup_key   = "submit:{task}"
        recovery    = "report"
        on_drain    = "finish"
        capture     = "files"
        environment = ["SWF_TMP_DIR"]

        [capability.submit.fields]
        task = { type = "id", required = true }
        """;
}
