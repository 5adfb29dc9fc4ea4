namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>The environment that opsctl reads, as the manual tells it.</summary>
internal static class EnvironmentNames
{
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        ("OPSAGENT_CONFIG", "The agent's configuration, as --config."),
        ("OPSAGENT_STATE_DIR", "The agent's state folder, as --state-dir."),
        ("STATE_DIRECTORY", "The same as systemd sets it; its first folder counts, and only without OPSAGENT_STATE_DIR."),
        ("XDG_STATE_HOME", "Where the state folder opsagent lies if nothing names it; ~/.local/state if not set."),
        ("ACTIVEMQ_HOST", "The broker's host[:port], or several with commas, as --host."),
        ("ACTIVEMQ_PORT", "Port of the hosts that are given without one, as --port."),
        ("ACTIVEMQ_USER", "User of the broker, as --user."),
        ("ACTIVEMQ_PASSWORD", "The password itself, if there is no --password-file."),
        ("ACTIVEMQ_USE_SSL", "true, 1 or yes: use TLS, as --tls; false, 0 or no: do not."),
        ("ACTIVEMQ_SSL_CA_CERTS", "PEM file that the broker's chain must end in, as --ca-file."),
        ("ACTIVEMQ_SSL_CERT_FILE", "Client certificate, as --cert-file."),
        ("ACTIVEMQ_SSL_KEY_FILE", "Its key, as --key-file."),
        ("OPSAGENT_ALLOW_PLAINTEXT", "The one host that is not loopback and may be spoken to without TLS, as it is written in ACTIVEMQ_HOST."),
        ("EPICPROD_OPS_QUEUE", "The agent's queue, as --queue."),
        ("OPSAGENT_SETTLED_TOPIC", "Where settlements go, as --settled-topic; set and empty: the agent publishes none."),
        ("NO_COLOR", "Set to anything but nothing: no colors on a terminal."),
        ("TERM", "dumb or not set: no colors, no pictures drawn in their place, no questions."),
        ("SOURCE_DATE_EPOCH", "Seconds since 1970: the date of the manual's pages, instead of today."),
    ];
}
