using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Confinement;

/// <summary>
/// <c>open</c> and <c>boxed</c> try the same things and write what became of them, as <c>NAME=yes|no</c>, into <c>facts.TYPE</c> of the cache
/// folder. Those that follow run in a sandbox each: <c>strays</c> leaves what no scan finds, <c>struck</c> kills itself, <c>held</c> ends when
/// a file <c>go</c> is in the cache folder.
/// </summary>
internal static class ConfinedManifest
{
    private const string Probe = """
        can() { if "$@" >/dev/null 2>&1; then echo "$name=yes"; else echo "$name=no"; fi; }
        agent=$PPID
        grep -qx opsagent /proc/$agent/comm || agent=none
        facts() {
            name=uid-65534; can [ "$(id -u)" = 65534 ]
            name=new-privileges; can grep -q 'NoNewPrivs:.*0' /proc/self/status
            name=core; can [ "$(ulimit -Hc)" != 0 ]
            name=own-folder; can touch ./mine
            name=folder-closed; can [ "$(stat -c %a .)" = 700 ]
            name=cache; can touch "$SWF_TMP_DIR/touched"
            name=beside; can touch "${0%/*}/touched"
            name=lent; can cat "$LENT_CREDENTIAL"
            name=withheld; can cat "$1/credentials/withheld"
            name=settings; can cat "$1/settings.env"
            name=keys; can cat "$1/keys/web.key"
            name=state; can cat "$1/state/agent.pid"
            name=home; can cat "$HOME/secret"
            name=environment; can grep -q . /proc/$agent/environ
            name=memory; can head -c 0 /proc/$agent/mem
            name=agent; can grep -qx opsagent /proc/*/comm
            name=broker; can bash -c "exec 3<>/dev/tcp/127.0.0.1/$2"
            touch "/tmp/left-$3"
        }
        facts "$1" "$2" "$3" >"$SWF_TMP_DIR/facts.$3.new" && mv "$SWF_TMP_DIR/facts.$3.new" "$SWF_TMP_DIR/facts.$3"
        """;

    private const string Held = """
        echo running >"$SWF_TMP_DIR/held"
        while [ -d "$SWF_TMP_DIR" ] && [ ! -e "$SWF_TMP_DIR/go" ]; do sleep 0.05; done
        printf '{"exit_code": 0, "result": "found again"}' >"$OPSAGENT_RESULT_DIR/new" && mv "$OPSAGENT_RESULT_DIR/new" "$OPSAGENT_RESULT_DIR/result.json"
        """;

    private const string Strays = "(env -i setsid sh -c \"env -i setsid sleep 1000.$1 &\" &); touch \"$SWF_TMP_DIR/strayed\"; sleep 600";

    public static string Of(TemporaryFolder folder, int brokerPort) => $$$"""
        [testbed]
        namespace = "prodops"

        [lane.all]
        slots = 4

        [credential.lent]
        env = "LENT_CREDENTIAL"

        [credential.withheld]
        env = "WITHHELD_CREDENTIAL"

        {{{Capability(folder, "open", Probe, [folder.Path, $"{brokerPort}", "{key}"], "")}}}
        {{{Capability(folder, "boxed", Probe, [folder.Path, $"{brokerPort}", "{key}"], Box)}}}
        {{{Capability(folder, "strays", Strays, ["{key}"], Box)}}}
        {{{Capability(folder, "struck", "kill -9 $$", [], Box)}}}
        {{{Capability(folder, "held", Held, [], $"{Box}\nrecovery = \"report\"\ncapture = \"files\"")}}}
        """;

    private const string Box = """
        sandbox     = { writable = ["{tmp}"] }
        limits      = { files = 256, cpu = "1m" }
        """;

    private static string Capability(TemporaryFolder folder, string name, string body, string[] arguments, string more) => $$"""
        [capability.{{name}}]
        description = "look around"
        doer        = ["{{Manifests.Program(folder, $"doers/{name}", body)}}"{{string.Concat(arguments.Select(a => $", \"{a}\""))}}]
        timeout     = {{(name == "strays" ? "\"2s\"" : "\"60s\"")}}
        grace       = "1s"
        lane        = "all"
        dedup_key   = "{{name}}:{key}"
        environment = ["SWF_TMP_DIR"]
        credentials = ["lent"]
        {{more}}

        [capability.{{name}}.fields]
        key = { type = "id", required = true }

        """;
}
