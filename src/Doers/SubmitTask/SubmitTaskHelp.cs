namespace OpsAgent.Doers.SubmitTask;

/// <summary>What <c>--help</c> says beyond the options.</summary>
internal static class SubmitTaskHelp
{
    public const string Text = """

        Examples:
          submit-task --task-name=26.07_DIS_NC_18x275 --owner=alice
          submit-task --resume=0123456789abcdef-0123456789ab
          submit-task --reconcile --task-name=26.07_DIS_NC_18x275
          submit-task --close --task-name=26.07_DIS_NC_18x275

        stdout has the JEDI task's id. A sandbox is in <state>/submit/, <state> being OPSAGENT_STATE_DIR, else STATE_DIRECTORY, else
        opsagent in XDG_STATE_HOME (~/.local/state). prun is started once in it and never again.

        Environment (default):
          SWF_MONITOR_URL (none), SWFMON_TOKEN or SWF_MONITOR_TOKEN (none), SWF_TASK_OWNER (none), SWF_TMP_DIR (/data/swf-tmp),
          REQUESTS_CA_BUNDLE or SSL_CERT_FILE (the system's), EPICPROD_SUBMIT_TIMEOUT (300, seconds: the agent's limit),
          SUBMIT_LOOKUP_TIMEOUT (60, seconds), SUBMIT_SANDBOX_DAYS (30), SUBMIT_PRUN_OPTIONS (none: more options of prun),
          OPSAGENT_RESULT_DIR (none), OPSAGENT_LEFT_DIR (none; for --resume-left)

        Exit codes:
           0 submitted and recorded                       30 the panda client asks for a login: nothing was sent
           1 other failure, nothing was sent              75 another run holds the lock: try again later
           2 usage, or no monitor URL                     77 not permitted
           3 no command from PCS, or refused              78 configuration, panda client not found
           5 prun ended before it sent the task          129, 130, 143: SIGHUP, SIGINT, SIGTERM before prun was started
           7 submitted, not recorded; the id is printed
           8 in doubt: not known whether PanDA took it
           9 already submitted
          27 disk full, nothing was sent

        """;
}
