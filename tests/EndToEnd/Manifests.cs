using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>Configurations with small shell programs as doers, where the doer's own work does not matter.</summary>
internal static class Manifests
{
    /// <summary>
    /// <c>note</c> appends <c>n</c> to <c>notes</c> in the cache folder; <c>wait_for</c> says so and runs until a file <c>go</c> appears there,
    /// or the folder is gone: a doer outlives an agent that is killed, and must not outlive its test.
    /// </summary>
    public static string Small(TemporaryFolder folder) => $$$"""
        [testbed]
        namespace = "prodops"

        [lane.quick]
        slots = 2

        [lane.slow]
        slots = 1

        [capability.note]
        description = "append a number to a file"
        doer        = ["{{{Program(folder, "note", "echo \"$1\" >> \"$SWF_TMP_DIR/notes\"; echo noted \"$1\"")}}}", "{n}"]
        timeout     = "20s"
        lane        = "quick"
        environment = ["SWF_TMP_DIR"]

        [capability.note.fields]
        n     = { type = "id", required = true }
        label = { type = "text", max = 20 }

        [[capability.note.on.ok]]
        msg_type = "noted"
        n        = "{n}"

        [[capability.note.on.error]]
        msg_type = "not_noted"
        n        = "{n}"
        reason   = "{reason}"

        [capability.wait_for]
        description = "wait for a file"
        doer        = ["{{{Program(folder, "wait-for", "echo it waits; while [ -d \"$SWF_TMP_DIR\" ] && [ ! -e \"$SWF_TMP_DIR/go\" ]; do sleep 0.05; done; echo it has waited")}}}", "--key={key}"]
        timeout     = "60s"
        grace       = "1s"
        lane        = "slow"
        dedup_key   = "wait:{key}"
        environment = ["SWF_TMP_DIR"]

        [capability.wait_for.fields]
        key = { type = "id", required = true }

        [[capability.wait_for.on.ok]]
        msg_type = "waited"
        key      = "{key}"
        """;

    public static string Program(TemporaryFolder folder, string name, string body) =>
        folder.Write(name, $"#!/bin/sh\n{body}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
