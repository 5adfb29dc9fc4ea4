namespace OpsAgent.OpsCtl;

/// <summary>What opsctl exits with; documented in <c>opsctl --help</c> and docs/opsctl.md.</summary>
internal static class ExitCode
{
    /// <summary>Done; the answer is yes.</summary>
    public const int Ok = 0;

    /// <summary>The question was answered, and the answer is no: no pong, a request that failed, an id that is not there.</summary>
    public const int Negative = 1;

    /// <summary>status: the agent can't be reached; other commands say 69.</summary>
    public const int NoAnswer = 2;

    /// <summary>A credential ends within the warning window, or is not set though it is needed.</summary>
    public const int CredentialEnds = 3;

    /// <summary>A credential has expired, is missing, can't be read, or may be read by others.</summary>
    public const int CredentialBad = 4;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 64;

    /// <summary>The broker or the agent can't be reached.</summary>
    public const int Unreachable = 69;

    /// <summary>opsctl itself is wrong.</summary>
    public const int Defect = 70;

    /// <summary>The configuration is wrong.</summary>
    public const int Configuration = 78;

    /// <summary>Ended by Ctrl-C before there was an answer.</summary>
    public const int Interrupted = 130;

    /// <summary>The table that --help prints.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Ok, "done: every ping answered, request sent, request ended ok or skipped as a duplicate"),
        (Negative, "negative result: a ping lost, a request that failed, no such request, no settlement in time, a status that is degraded; or it can't be written"),
        (NoAnswer, "status: the agent can't be reached"),
        (CredentialEnds, "doctor: a credential ends soon or is not set; whatever else failed"),
        (CredentialBad, "doctor: a credential has expired, is missing, unreadable or open to others; whatever else failed"),
        (Usage, "the command line is wrong"),
        (Unreachable, "the broker or the agent can't be reached"),
        (Defect, "a defect of opsctl itself"),
        (Configuration, "the configuration is wrong"),
        (Interrupted, "interrupted before there was a result"),
    ];
}
