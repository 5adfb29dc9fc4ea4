using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Bus;

/// <summary>What to do about a broker that can't be reached, told from the reason that the STOMP client gives.</summary>
/// <param name="Advice">The next step.</param>
/// <param name="IsFinal">True if trying again for some seconds can't help.</param>
internal readonly record struct BrokerFailure(string Advice, bool IsFinal)
{
    private static readonly string[] LoginWords = ["password", "passcode", "credential", "authenticat", "access refused", "bad connect", "user name"];

    /// <param name="reason">The client's one line.</param>
    /// <param name="settings">What was tried.</param>
    public static BrokerFailure Of(string reason, BrokerSettings settings) => reason switch
    {
        _ when Says(reason, "refused the connection") && LoginWords.Any(w => Says(reason, w)) => new(
            $"correct user '{settings.User}' or its password: --user, --password-file (ACTIVEMQ_USER, ACTIVEMQ_PASSWORD)", true),
        _ when Says(reason, "NameMismatch") => new(
            "the certificate is made for another name: give the broker's name as the certificate has it (--host, ACTIVEMQ_HOST)", true),
        _ when Says(reason, "UntrustedRoot") || Says(reason, "PartialChain") => new(
            $"the broker's certificate does not come from {settings.Tls?.CaFile}: name the right CA file (--ca-file, ACTIVEMQ_SSL_CA_CERTS)", true),
        _ when Says(reason, "NotTimeValid") => new(
            "the broker's certificate has expired or is not valid yet: tell whoever runs the broker, and check this host's clock", true),
        _ when reason.StartsWith("TLS:", StringComparison.Ordinal) => new(
            "is this the broker's TLS port (--port, ACTIVEMQ_PORT)? does it want a client certificate (--cert-file, --key-file)?", false),
        _ when Says(reason, "(HostNotFound)") || Says(reason, "(NoData)") => new(
            "the name does not resolve: check its spelling (--host, ACTIVEMQ_HOST) and this host's DNS", true),
        _ when Says(reason, "(ConnectionRefused)") => new(
            "nothing listens there: check that the broker runs, and --host and --port (ACTIVEMQ_HOST, ACTIVEMQ_PORT)", false),
        _ when Says(reason, "does not begin with a STOMP command") => new(
            settings.Tls is null
                ? "that is no plain STOMP port: if it is the broker's TLS port, add --tls --ca-file FILE; else check --port (ACTIVEMQ_PORT)"
                : "that is no STOMP port: check --port (ACTIVEMQ_PORT)",
            true),
        _ when Says(reason, "no connection within") || Says(reason, "no answer") => new(
            settings.Tls is null
                ? "check --host and --port and whether a firewall is between; a broker that expects TLS may be silent too (--tls --ca-file FILE)"
                : "check --host and --port and whether a firewall is between; a port that does not speak TLS may be silent too",
            false),
        _ => new("check --host, --port and the user (ACTIVEMQ_HOST, ACTIVEMQ_PORT, ACTIVEMQ_USER), and that the broker runs", false),
    };

    private static bool Says(string reason, string words) => reason.Contains(words, StringComparison.OrdinalIgnoreCase);
}
