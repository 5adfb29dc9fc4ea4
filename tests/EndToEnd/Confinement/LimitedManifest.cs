using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Confinement;

/// <summary>
/// <c>measured</c> writes the limits that it finds, and those that it could raise, into <c>limits</c> of the cache folder; <c>free</c> does
/// nothing, without limits. Each of the others takes more than it may have: <c>forks</c> writes into <c>forked</c> how many it got, and holds
/// them until a file <c>go</c> is there; <c>aborts</c> dies by SIGABRT in the cache folder.
/// </summary>
internal static class LimitedManifest
{
    /// <summary>Above what the agent itself needs of processes and threads.</summary>
    public const int Processes = 300;

    private const string Measured = """
        #!/bin/bash
        {
            for what in n u v c; do echo "$what $(ulimit -S$what) $(ulimit -H$what)"; done
            echo "t $(ulimit -St) $(ulimit -Ht)"
            for more in 'n 257' 'u 301' 'v 1048577' 'c 1' 't 66' 'n unlimited' 'c unlimited'; do
                (ulimit -H${more}) 2>/dev/null && echo "raised $more"
            done
            prlimit --pid $$ --nofile=1024:1024 2>/dev/null && echo "raised by prlimit"
            echo measured
        } >"$SWF_TMP_DIR/limits"
        """;

    private const string Forks = """
        #!/usr/bin/python3
        import os, signal, time
        cache = os.environ["SWF_TMP_DIR"]
        children = []
        try:
            while len(children) < 2000:
                child = os.fork()
                if child == 0:
                    signal.pause()
                children.append(child)
        finally:
            with open(cache + "/forking", "w") as out:
                out.write(str(len(children)))
            os.rename(cache + "/forking", cache + "/forked")
            while os.path.isdir(cache) and not os.path.exists(cache + "/go"):
                time.sleep(0.05)
            for child in children:
                os.kill(child, signal.SIGKILL)
        """;

    private static readonly Dictionary<string, (string Program, string Limits)> Doers = new()
    {
        ["measured"] = (Measured, "files = 256, processes = 300, cpu = \"1m\", address_space = \"1GiB\""),
        ["free"] = ("#!/bin/sh\ntrue\n", ""),
        ["forks"] = (Forks, $"processes = {Processes}"),
        ["opens"] = ("#!/usr/bin/python3\nfiles = [open('/dev/null') for _ in range(1000)]\n", "files = 256"),
        ["hoards"] = ("#!/usr/bin/python3\nhoard = bytearray(2 << 30)\n", "address_space = \"512MiB\""),
        ["burns"] = ("#!/bin/bash\nwhile :; do :; done\n", "cpu = \"1s\""),
        ["fills"] = ("#!/bin/sh\nexec head -c 2000000 /dev/zero >\"$SWF_TMP_DIR/filled\"\n", "file_size = \"1MiB\""),
        ["aborts"] = ("#!/bin/bash\ncd \"$SWF_TMP_DIR\"\necho aborting\nkill -ABRT $$\n", "files = 256"),
    };

    public static string Of(TemporaryFolder folder) => $"""
        [testbed]
        namespace = "prodops"

        [lane.all]
        slots = 4

        {string.Concat(Doers.Select(d => Capability(folder, d.Key, d.Value.Program, d.Value.Limits)))}
        """;

    private static string Capability(TemporaryFolder folder, string name, string program, string limits) => $$"""
        [capability.{{name}}]
        description = "take much"
        doer        = ["{{folder.Write(name, program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)}}", "{key}"]
        timeout     = "2m"
        lane        = "all"
        dedup_key   = "{{name}}:{key}"
        environment = ["SWF_TMP_DIR"]
        {{(limits.Length > 0 ? $"limits = {{ {limits} }}" : "")}}

        [capability.{{name}}.fields]
        key = { type = "id", required = true }

        """;
}
