namespace OpsAgent.Doers.Facility;

/// <summary>
/// How a doer ends. The contract fixes 0, 1, 2, 75, 77 and 78; 3 to 9 belong to each doer's own contract; what several
/// doers can meet has its number here once, from 10 on.
/// </summary>
public enum DoerExit
{
    /// <summary>Done, or nothing was left to do.</summary>
    Ok = 0,

    /// <summary>A failure that has no number of its own.</summary>
    Failed = 1,

    /// <summary>An argument is missing, unknown or not of its form.</summary>
    Usage = 2,

    /// <summary>The proxy file is not there.</summary>
    ProxyMissing = 10,

    /// <summary>The proxy, or a certificate of its chain, has expired.</summary>
    ProxyExpired = 11,

    /// <summary>The proxy file is open to others, writable by the group, or owned by a stranger.</summary>
    ProxyExposed = 12,

    /// <summary>The proxy file can't be read, or holds no certificate with its key.</summary>
    ProxyUnusable = 13,

    /// <summary>No answer from Rucio within the limit: refused connection, failed TLS, silence, or 5xx to the last try.</summary>
    RucioUnreachable = 14,

    /// <summary>Rucio refused: the credential or account is not accepted, or the request is.</summary>
    RucioRefused = 15,

    /// <summary>What answered is not Rucio's form: a redirect, HTML, no token, broken or oversized JSON.</summary>
    RucioAnswerBad = 16,

    /// <summary>Rucio does not know the DID.</summary>
    UnknownDid = 17,

    /// <summary>The DID has no replica that could be read now.</summary>
    NoReplica = 18,

    /// <summary>Every door that holds the file failed.</summary>
    DoorsFailed = 19,

    /// <summary>No door delivered, and at least one of them hung until its limit.</summary>
    DoorHung = 20,

    /// <summary>The tarball ends too early.</summary>
    ArchiveTruncated = 21,

    /// <summary>The file is no gzip-compressed tarball, or is damaged.</summary>
    ArchiveDamaged = 22,

    /// <summary>The tarball goes beyond a limit: entries, unpacked bytes, or ratio.</summary>
    ArchiveTooBig = 23,

    /// <summary>A wanted member is a link, a device, a pipe or a sparse file, or a PAX header has what no honest tar writes.</summary>
    ArchiveLink = 24,

    /// <summary>A member's name is absolute or has a <c>..</c> part.</summary>
    ArchiveTraversal = 25,

    /// <summary>The tarball has none of the wanted members.</summary>
    NoLogMembers = 26,

    /// <summary>The disk, or a quota on it, is full.</summary>
    DiskFull = 27,

    /// <summary>Another run holds the lock; try again later.</summary>
    TryAgain = 75,

    /// <summary>A file or folder may not be written, or a symbolic link stands where a folder is due.</summary>
    NotPermitted = 77,

    /// <summary>An environment variable, or something installed, is missing or wrong.</summary>
    Configuration = 78,

    /// <summary>Ended by SIGHUP, tidied up.</summary>
    HungUp = 129,

    /// <summary>Ended by SIGINT, tidied up.</summary>
    Interrupted = 130,

    /// <summary>Ended by SIGTERM, tidied up.</summary>
    Terminated = 143,
}
