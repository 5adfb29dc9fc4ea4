using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>A doer that is lent credentials as files and dies with them in its stack trace, each in a form that is known.</summary>
internal static class CrashingManifest
{
    /// <summary>By an exception that nobody catches; by the same and SIGABRT; by SIGSEGV with the runtime's own trace.</summary>
    public static readonly IReadOnlyList<string> Ends = ["raise", "abort", "segv"];

    /// <summary>The doer's program.</summary>
    public const string Program = "crash";

    /// <param name="folder">Takes the program and <c>users</c>.</param>
    /// <param name="keyFile">The key of the agent's own TLS connection, which any program of its user may read.</param>
    public static string Of(TemporaryFolder folder, string keyFile)
    {
        var program = folder.Write(
            Program,
            $$"""
            #!{{StompPyEndpoint.Python}}
            import faulthandler, os, resource, signal, sys
            number, end = sys.argv[1:3]
            try:
                resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            except (OSError, ValueError):
                pass
            user, password = open(os.environ["USERS_FILE"]).read().strip().split(":")
            token = open(os.environ["BEARER_TOKEN_FILE"]).read().strip()
            key = open("{{keyFile}}").read()

            def login(said):
                print(said, flush=True)
                raise RuntimeError(said)

            def hook(*what):
                sys.__excepthook__(*what)
                sys.stderr.flush()
                if end == "abort":
                    os.abort()
                if end == "segv":
                    os.kill(os.getpid(), signal.SIGSEGV)

            faulthandler.enable()
            sys.excepthook = hook
            login(f"{number}: login with password={password} as {user} failed, with Authorization: Bearer {token}\n"
                  f"at https://{user}:{password}@host/path?authz={token}&x=1 with\n{key}\nBearer {token} of {number}")

            """,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return $$$"""
            [testbed]
            namespace = "prodops"

            [lane.quick]
            slots = 1

            [credential.users]
            kind = "userpass"
            env  = "USERS_FILE"

            [credential.storage]
            kind = "bearer_token"

            [capability.crash]
            description    = "die with a trace"
            doer           = ["{{{program}}}", "{n}", "{end}"]
            timeout        = "60s"
            lane           = "quick"
            credentials    = ["users", "storage"]
            failure_marker = "{tmp}/panda-logs/{n}/{n}/.error"

            [capability.crash.fields]
            n   = { type = "id", required = true }
            end = { type = "enum", values = ["raise", "abort", "segv"], required = true }

            [[capability.crash.on.error]]
            msg_type = "crashed"
            n        = "{n}"
            reason   = "{reason}"
            said     = "{stdout}"
            """;
    }
}
