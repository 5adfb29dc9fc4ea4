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
        ("OPSAGENT_KEYS_DIR", "The folder of signing keys, as --keys-dir."),
        ("EPICPROD_ENV_FILE",
            "The facility's file of KEY=VALUE lines, which win over the environment; values are literal. "
            + "guard: if not set /opt/swf-monitor/config/env/production.env, if that is there."),
        ("EPICPROD_OPS_UNIT", "guard: the agent's systemd unit; epicprod-ops-agent if not set."),
        ("EPICPROD_PING_TIMEOUT", "guard: how many seconds a pong may take; 10 if not set."),
        ("EPICPROD_HEARTBEAT_FRESH_SEC", "guard: how many seconds old a heartbeat may be to say that a process lives; 120 if not set."),
        ("EPICPROD_EXIT_DELIBERATE", "guard: the exit status of an agent that was stopped over the bus; 100 if not set."),
        ("EPICPROD_GUARD_MEMORY", "guard: the file that it remembers by from one run to the next; /run/opsctl-guard/UNIT.json if not set."),
        ("SWF_MONITOR_URL", "guard: the monitor with its base path, whose registry of agents is read."),
        ("SWF_API_TOKEN", "guard: the token that is shown to the monitor."),
        ("REQUESTS_CA_BUNDLE", "guard: PEM file or folder of the authorities for the monitor's certificate."),
        ("SWF_TMP_DIR", "guard: the cache that --prune-days prunes; /data/swf-tmp if not set."),
        ("NO_COLOR", "Set to anything but nothing: no colors on a terminal."),
        ("TERM", "dumb or not set: no colors, no pictures drawn in their place, no questions."),
        ("SOURCE_DATE_EPOCH", "Seconds since 1970: the date of the manual's pages, instead of today."),
    ];
}
