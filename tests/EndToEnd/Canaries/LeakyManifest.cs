using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>The published manifest, and doers that tell all they were lent on both streams, in every form, in every way to end.</summary>
internal static class LeakyManifest
{
    /// <summary>How they end: well, with an error, at their time limit in the middle of a line, by a signal.</summary>
    public static readonly IReadOnlyList<string> Ends = ["ok", "fail", "hang", "crash"];

    /// <summary>The two types: output by pipes, output by files.</summary>
    public static readonly IReadOnlyList<string> Types = ["leak", "leak_files"];

    /// <summary>They, and what they run themselves, which inherits what they were lent.</summary>
    public static readonly IReadOnlyList<string> Programs = ["leak", "base64", "tr", "cat", "head", "sleep"];

    public static string Of(TemporaryFolder folder, string passcode, string tokenFile)
    {
        var program = Manifests.Program(folder, "leak", $$"""
            number=$1
            tell() {
              echo "it is $number"
              for v in "$SWFMON_TOKEN" "$JLAB_RUCIO_PASSWORD" "$SWF_API_TOKEN" '{{passcode}}'; do
                echo "ERROR: bare $v, or in base64 $(printf %s "$v" | base64 -w0) or $(printf x%s "$v" | base64 -w0) or $(printf xy%s "$v" | base64 -w0)"
                echo "Authorization: Token $v"
                echo "Bearer $v and https://ops:$v@host/path?authz=$v&x=1"
                echo "{\"password\": \"$v\", \"n\": 1}"
              done
              cat "$X509_USER_PROXY"
              tr '\n' '|' < "$X509_USER_PROXY"; echo
              cat '{{tokenFile}}'; echo
              head -c 70000 /dev/zero | tr '\0' '.'; echo " $SWFMON_TOKEN"
            }
            tell
            tell >&2
            printf '{"exit_code": 1, "result": "%s"}' "$SWFMON_TOKEN" > "$OPSAGENT_RESULT_DIR/result.json"
            case $2 in
              hang) printf 'half a line %s' "$SWFMON_TOKEN"; printf 'ERROR: half a line %s' "$SWFMON_TOKEN" >&2; sleep 600 ;;
              crash) ulimit -c unlimited; kill -SEGV $$ ;;
              fail) echo "ERROR: its last word $SWFMON_TOKEN of $number" >&2; exit 1 ;;
            esac
            echo "$SWFMON_TOKEN"
            """);
        return File.ReadAllText(Path.Combine(Deployment.Folder, "agents", "prodops.toml")) + string.Concat(Types.Select(type => Capability(type, program)));
    }

    private static string Capability(string type, string program) => $$$"""


        [capability.{{{type}}}]
        description    = "tell all"
        doer           = ["{{{program}}}", "{n}", "{end}"]
        timeout        = "3s"
        grace          = "1s"
        lane           = "refresh"
        capture        = "{{{(type == "leak" ? "pipe" : "files")}}}"
        environment    = ["SWF_API_TOKEN"]
        credentials    = ["rucio_proxy", "pcs_token", "jlab_rucio"]
        failure_marker = "{tmp}/panda-logs/{n}/{n}/.error"

        [capability.{{{type}}}.fields]
        n   = { type = "id", required = true }
        end = { type = "enum", values = ["ok", "fail", "hang", "crash"], required = true }

        [[capability.{{{type}}}.on.ok]]
        msg_type = "leaked"
        said     = "{stdout}"
        last     = "{last_line}"

        [[capability.{{{type}}}.on.error]]
        msg_type = "leak_failed"
        reason   = "{reason}"
        said     = "{stdout}"

        [capability.{{{type}}}.record]
        action       = "leak"
        sublevel     = "high"
        live_default = true
        extra        = { said = "{last_line}" }
        """;
}
