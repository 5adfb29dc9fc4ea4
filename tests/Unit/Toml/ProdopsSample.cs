namespace OpsAgent.Tests.Unit.Toml;

/// <summary>A configuration like the agent's own, with something of everything that it uses.</summary>
internal static class ProdopsSample
{
    public const string Text = """"
        # production operations agent
        [testbed]
        namespace = "prod"
        queue     = '/queue/epicprod.agent'
        retries   = 3
        backoff   = 1.5
        enabled   = true

        [capability.fetch_payload_log]
        description = "retrieve and cache one PanDA job's payload log"
        doer        = ["payload-log", "--scope={scope}", "--lfn={lfn}", "--pandaid={pandaid}"]
        flags       = { force = "--force" }
        timeout     = { env = "EPICPROD_FETCH_TIMEOUT", default = "180s" }
        lane        = "fetch"
        max_age     = "1h"
        environment = [
          "RUCIO_*",
          "SWF_TMP_DIR", # where logs are cached
        ]
        since       = 2026-01-31T12:00:00Z

        [capability.fetch_payload_log.fields]
        scope   = { type = "rucio_scope", required = true }
        pandaid = { type = "id", required = true }

        [[capability.fetch_payload_log.on.ok]]
        msg_type = "payload_log_ready"
        pandaid  = "{pandaid}"

        [[capability.fetch_payload_log.on.failed]]
        msg_type = "payload_log_failed"
        reason   = "exit code {exit} \u2013 see \"{log}\""
        help     = """
        Look at the doer's log \
        first."""

        """";
}
