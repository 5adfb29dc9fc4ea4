using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>Doers that do nothing, that hang and that print without end, each in a lane of its own.</summary>
internal static class BoundsManifest
{
    /// <summary>To its very end.</summary>
    private const string Whole = "ok_needs = { stdout = \"much\\\\n[^\\\\n]*\\\\nthe end$\" }\n";

    /// <summary>
    /// <c>quick</c> does nothing, <c>booked</c> writes its number into the file <c>book</c> in the cache, <c>say</c> says its own on stderr,
    /// <c>shout</c> prints 140 lines of 8,000 characters there, <c>recorded</c> has an action record, <c>marked</c> fails and leaves a marker
    /// in the cache; <c>held</c> and <c>hang</c> run until a file <c>go</c> appears in the cache
    /// folder or the folder is gone, and no more than three of the latter may wait; <c>loud</c> and <c>loud_files</c> print as fast as they
    /// are read, <c>print</c> and <c>print_files</c> too, and are ok if the very end of it came.
    /// </summary>
    public static string Text(TemporaryFolder folder)
    {
        const UnixFileMode Runs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var wait = folder.Write("wait-for", "#!/bin/sh\nwhile [ -d \"$SWF_TMP_DIR\" ] && [ ! -e \"$SWF_TMP_DIR/go\" ]; do sleep 0.05; done\n", Runs);
        var loud = folder.Write("loud", "#!/bin/sh\nyes \"a line of a doer that prints without end\" | head -c \"$1\"\n", Runs);
        var print = folder.Write("print", "#!/bin/sh\nyes \"a line of a doer that prints much\" | head -c \"$1\"\necho\necho the end\n", Runs);
        var booked = folder.Write("booked", "#!/bin/sh\necho \"$1\" >> \"$SWF_TMP_DIR/book\"\n", Runs);
        var say = folder.Write("say", "#!/bin/sh\necho \"it said $1\" >&2\n", Runs);
        var shout = folder.Write("shout", "#!/bin/sh\nyes \"$(printf %08000d 7)\" | head -n 140 >&2\n", Runs);
        return $$"""
            [testbed]
            namespace = "prodops"

            {{Lane("quick", 4)}}
            {{Lane("held", 1)}}
            {{Lane("stuck", 2)}}
            {{Lane("loud", 4)}}

            {{Capability("quick", "/bin/true", "quick", "20s", "max_pending = 1000000")}}
            {{Capability("booked", booked, "quick", "20s", "max_pending = 1000000", ", \"{n}\"")}}
            {{Capability("print", print, "loud", "2h", Whole + "capture = \"pipe\"", ", \"{bytes}\"")}}
            {{Capability("print_files", print, "loud", "2h", Whole + "capture = \"files\"", ", \"{bytes}\"")}}
            {{Capability("limited", "/bin/true", "quick", "20s", "rate_limit = \"3/1h\"")}}
            {{Capability("say", say, "quick", "20s", "", ", \"{n}\"")}}
            {{Capability("shout", shout, "quick", "20s")}}
            {{Capability("recorded", "/bin/true", "quick", "20s", "record = { action = \"noted\", subject_type = \"number\", subject_key = \"{n}\" }")}}
            {{Capability("marked", "/bin/false", "quick", "20s", "failure_marker = \"{tmp}/marks/{n}/.error\"")}}
            {{Capability("held", wait, "held", "5m", "max_pending = 1000000")}}
            {{Capability("hang", wait, "stuck", "5m", "max_pending = 3")}}
            {{Capability("loud", loud, "loud", "6s", "capture = \"pipe\"", ", \"{bytes}\"")}}
            {{Capability("loud_files", loud, "loud", "6s", "capture = \"files\"", ", \"{bytes}\"")}}
            """;
    }

    private static string Lane(string name, int slots) => $"[lane.{name}]\nslots = {slots}\n";

    private static string Capability(string type, string program, string lane, string timeout, string more = "", string arguments = "") => $$"""
        [capability.{{type}}]
        description = "a doer that {{type}} says all of"
        doer        = ["{{program}}"{{arguments}}]
        timeout     = "{{timeout}}"
        grace       = "1s"
        lane        = "{{lane}}"
        environment = ["SWF_TMP_DIR"]
        fields      = { n = { type = "id", required = true }, bytes = { type = "id", default = "1" } }
        {{more}}

        """;
}
