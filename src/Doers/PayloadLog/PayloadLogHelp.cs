namespace OpsAgent.Doers.PayloadLog;

/// <summary>What <c>--help</c> says beyond the options.</summary>
internal static class PayloadLogHelp
{
    public const string Text = """

        Examples:
          payload-log --scope group.EIC --lfn job.log.tgz --jeditaskid 34501 --pandaid 6123456789
          payload-log --scope=group.EIC --lfn=job.log.tgz --jeditaskid=34501 --pandaid=6123456789 --force

        The logs end up in $SWF_TMP_DIR/panda-logs/<jeditaskid>/<pandaid>/; the file .done there says that they are whole.

        Environment (default):
          RUCIO_URL (https://nprucio01.sdcc.bnl.gov:443), RUCIO_ACCOUNT (panda), RUCIO_VO (eic; empty: no header),
          X509_USER_PROXY (/data/wenauseic/longproxy-for-rucio), REQUESTS_CA_BUNDLE or SSL_CERT_FILE (the system's),
          X509_CERT_DIR (/etc/grid-security/certificates), SWF_TMP_DIR (/data/swf-tmp),
          XRDCP_TIMEOUT (120, seconds, over all doors), XRDCP (/usr/bin/xrdcp), OPSAGENT_RESULT_DIR (none)

        Exit codes:
           0 cached                          19 every door failed
           1 other failure                   20 no door delivered, one hung until its limit
           2 usage                           21 tarball ends too early
          10 proxy missing                   22 no gzip tarball, or damaged
          11 proxy expired                   23 tarball beyond a limit (entries, bytes, ratio)
          12 proxy open to others            24 a wanted member is no plain file
          13 proxy unusable                  25 a member's name leads out of the tarball
          14 Rucio unreachable               26 tarball has none of the logs
          15 Rucio refused                   27 disk full
          16 answer is not Rucio's           75 another run holds the lock: try again later
          17 unknown DID                     77 not permitted
          18 no readable replica             78 configuration
        129, 130, 143: ended by SIGHUP, SIGINT, SIGTERM; nothing is left half-done.

        """;
}
