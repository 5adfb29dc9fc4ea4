using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Systemd;

/// <summary>
/// Doers that write their pid into <c>runs-KEY</c> of the cache folder and run until a file <c>go</c> is there or the folder is
/// gone: <c>again</c> may be run again, a drain waits for <c>slow</c>, and for <c>escape</c>, which is never run again and starts
/// what no look at /proc can tell to be its.
/// </summary>
internal static class ServiceManifest
{
    private const string Wait =
        "echo $$ > \"$SWF_TMP_DIR/runs-$1\"; while [ -d \"$SWF_TMP_DIR\" ] && [ ! -e \"$SWF_TMP_DIR/go\" ]; do sleep 0.05; done";

    // No environment, no session, no parent.
    private const string Escape =
        "(setsid env -i sh -c 'echo $$ >\"$1\"; exec sleep 1001' sh \"$SWF_TMP_DIR/runs-$1-escaped\" &)";

    public static string Text(TemporaryFolder folder) => $$$"""
        [testbed]
        namespace = "prodops"

        [lane.all]
        slots = 4

        {{{Capability("again", Program(folder, "again", Wait), "recovery = \"rerun\"")}}}
        {{{Capability("slow", Program(folder, "slow", Wait), "on_drain = \"finish\"")}}}
        {{{Capability("escape", Program(folder, "escape", $"{Escape}; {Wait}"), "recovery = \"report\"")}}}
        """;

    private static string Capability(string name, string program, string policy) => $$"""
        [capability.{{name}}]
        description = "wait for a file"
        doer        = ["{{program}}", "{key}"]
        timeout     = "60s"
        grace       = "1s"
        lane        = "all"
        dedup_key   = "{{name}}:{key}"
        environment = ["SWF_TMP_DIR"]
        {{policy}}

        [capability.{{name}}.fields]
        key = { type = "id", required = true }

        """;

    private static string Program(TemporaryFolder folder, string name, string body) =>
        folder.Write(name, $"#!/bin/sh\n{body}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
