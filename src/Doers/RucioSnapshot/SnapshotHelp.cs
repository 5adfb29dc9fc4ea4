namespace OpsAgent.Doers.RucioSnapshot;

/// <summary>What <c>--help</c> says beyond the options.</summary>
internal static class SnapshotHelp
{
    public const string Text = """

        Examples:
          rucio-snapshot                        the campaigns that PCS names as current or producing
          rucio-snapshot 26.02                  this one
          rucio-snapshot --campaign=26.02 --dry-run
          rucio-snapshot 26.02 --allow-shrink   after outputs were deleted on purpose

        The files end up in $SWF_TMP_DIR/rucio-snapshots/: current-, timeline- and match-<campaign>.json.

        Environment (default):
          SWF_MONITOR_URL (none: needed), SWFMON_TOKEN or SWF_MONITOR_TOKEN (none),
          JLAB_RUCIO_URL (https://rucio-server.jlab.org:443), JLAB_RUCIO_ACCOUNT, JLAB_RUCIO_USERNAME and
          JLAB_RUCIO_PASSWORD (eicread), REQUESTS_CA_BUNDLE or SSL_CERT_FILE (the system's), SWF_TMP_DIR (/data/swf-tmp),
          EPICPROD_RUCIO_SNAPSHOT_TIMEOUT (900, seconds; the run takes at most nine tenths), OPSAGENT_RESULT_DIR (none)

        Exit codes:
           0 done                                      16 answer is not Rucio's
           1 other failure, or no campaign to take     17 unknown DID
           2 usage                                     27 disk full
           3 would empty too many tasks: none written  75 another run holds the lock: try again later
           4 own limit reached                         77 not permitted
           5 PCS failed: no task written               78 configuration
           6 PCS failed: some tasks written
          14 Rucio unreachable                         129, 130, 143: ended by SIGHUP, SIGINT, SIGTERM
          15 Rucio refused

        """;
}
