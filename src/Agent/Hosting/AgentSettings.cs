using static OpsAgent.Agent.Hosting.SettingForms;

namespace OpsAgent.Agent.Hosting;

/// <summary>Every setting there is. The environment's names are the facility's, kept as they are.</summary>
internal static class AgentSettings
{
    public static readonly Setting Namespace = new("testbed.namespace", null, "prodops", "the namespace that requests are for", NotEmpty);

    public static readonly Setting Host = new("broker.host", "ACTIVEMQ_HOST", "localhost", "broker host, or several as host[:port], in turn", NotEmpty);
    public static readonly Setting Port = new("broker.port", "ACTIVEMQ_PORT", "61612", "broker STOMP port; with --standalone 0 is a free one", SettingForms.Port);
    public static readonly Setting User = new("broker.user", "ACTIVEMQ_USER", "admin", "broker login", Any);
    public static readonly Setting Password = new("broker.password", "ACTIVEMQ_PASSWORD", "admin", "broker passcode", Any) { Secret = true };
    public static readonly Setting UseSsl = new("broker.use_ssl", "ACTIVEMQ_USE_SSL", "false", "TLS to the broker", Truth);
    public static readonly Setting CaCerts = new("broker.ca_certs", "ACTIVEMQ_SSL_CA_CERTS", "", "PEM file of the CAs that the broker's certificate must chain to", Any);
    public static readonly Setting CertFile = new("broker.cert_file", "ACTIVEMQ_SSL_CERT_FILE", "", "PEM file of the agent's own certificate", Any);
    public static readonly Setting KeyFile = new("broker.key_file", "ACTIVEMQ_SSL_KEY_FILE", "", "PEM file of its key", Any);
    public static readonly Setting AllowPlaintext = new("broker.allow_plaintext", "OPSAGENT_ALLOW_PLAINTEXT", "", "the one host off loopback that may be spoken to without TLS", Any);
    public static readonly Setting VirtualHost = new("broker.virtual_host", null, "", "STOMP host header; empty: the broker host", Any);
    public static readonly Setting ClientId = new("broker.client_id", null, "", "STOMP client-id header; empty: not sent", Any);
    public static readonly Setting HeartBeat = new("broker.heart_beat", null, "10s", "heart-beat offered both ways, 1s or more", SettingForms.HeartBeat);
    public static readonly Setting ConnectTimeout = new("broker.connect_timeout", null, "10s", "limit of one connection attempt, TLS and login included", Span);
    public static readonly Setting Queue = new("broker.queue", "EPICPROD_OPS_QUEUE", "/queue/epicprod.ops", "the queue that requests come by", SettingForms.Queue);
    public static readonly Setting WindowMessages = new("broker.window_messages", null, "11000", "un-acked messages the broker may have in flight (ActiveMQ Classic)", Whole(1, 1_000_000));
    public static readonly Setting WindowBytes = new("broker.window_bytes", null, "20971520", "the same in bytes (Artemis)", Whole(10240, 1L << 30));

    public static readonly Setting Exclusive = new("broker.exclusive", null, "true", "ask to be the queue's only consumer, so that a second agent stands by (ActiveMQ Classic; Artemis has it as a setting of the queue)", Truth);
    public static readonly Setting HasStandby = new("broker.has_standby", null, "false", "other agents stand by: what must not run twice and waited while this one was away is in doubt, not started", Truth);

    public static readonly Setting Vouches = new("broker.vouches_for_senders", null, "false", "the broker writes the sender's login into JMSXUserID itself, over what the sender wrote: it is believed (ActiveMQ Classic: populateJMSXUserID; Artemis: populate-validated-user)", Truth);

    public static readonly Setting Standalone = new("broker.standalone", null, "false", "a broker inside the agent, on 127.0.0.1 (--standalone)", Truth);

    public static readonly Setting EventTopic = new("events.topic", null, "/topic/epictopic", "where completion events go", Topic);
    public static readonly Setting SettledTopic = new("events.settled_topic", "OPSAGENT_SETTLED_TOPIC", "/topic/epicprod.ops.settled", "where settlements go; empty: nowhere", TopicOrOff) { EmptyCounts = true };

    public static readonly Setting Id = new("agent.id", null, "local", "last part of the agent's name; unless given, the monitor's id if there is a monitor, kept in the state folder", NotEmpty);
    public static readonly Setting StateDir = new("agent.state_dir", "OPSAGENT_STATE_DIR", "", "ledger, lock and control socket; else $STATE_DIRECTORY, else below the user's state home", Folder) { WhenUnset = StateFolder.WhenUnset };
    public static readonly Setting TmpDir = new("agent.tmp_dir", "SWF_TMP_DIR", "/data/swf-tmp", "the cache that the web tier reads", Folder);
    public static readonly Setting DoersDir = new("agent.doers_dir", null, "", "where doers are; else ../doers beside the program", Folder) { WhenUnset = DoersBeside };
    public static readonly Setting MaxWorkers = new("agent.max_workers", "SWF_AGENT_MAX_WORKERS", "", "slots over all lanes, shared out in proportion, at least one each; empty: as the lanes say", OptionalWhole);
    public static readonly Setting DrainTimeout = new("agent.drain_timeout", null, "30s", "how long a stop waits for running work", Span);

    public static readonly Setting LookUpEvery = new("work.look_up_every", null, "5m", "how often what became of a request in doubt is looked up", Span);
    public static readonly Setting LookUpFor = new("work.look_up_for", null, "24h", "how long; afterwards only an operator can tell", Span);
    public static readonly Setting LedgerBytes = new("work.ledger_bytes", null, "4294967296", "how much the ledger may take on disk, in bytes; near it the oldest bodies go, then rows of more than 7 days; at it new work is rejected", Whole(16L << 20, 1L << 40));
    public static readonly Setting RunLogBytes = new("work.log_bytes", null, "1073741824", "how much output of runs is kept below the state folder, in bytes, for at most 14 days; the oldest goes first; 0: none", Whole(0, 1L << 40));
    public static readonly Setting DoerNice = new("work.doer_nice", null, "10", "by how much doers are nicer than the agent, so that it is not kept waiting for a processor; 0: not at all", Whole(0, 19));

    public static readonly Setting KeysDir = new("signing.keys_dir", "OPSAGENT_KEYS_DIR", "", "folder of the keys that requests are signed with, ID.key each; empty: signatures are not looked at", FolderOrNone);
    public static readonly Setting SigningWindow = new("signing.window", null, "5m", "how far the time of signing may lie from the broker's timestamp, or from the agent's clock where there is none", Span);

    public static readonly Setting ControlGroup = new("control.group", null, "", "group whose members may use the local door; empty: the agent's own", Any);

    public static readonly Setting MonitorUrl = new("monitor.url", "SWF_MONITOR_URL", "", "base URL of the monitor's agent API, its path included: id, heartbeats, subscriber; empty: none of these", MonitorSettings.BaseUrl);
    public static readonly Setting MonitorHttpUrl = new("monitor.http_url", "SWF_MONITOR_HTTP_URL", "", "the same for action records and the log stream; empty: monitor.url", MonitorSettings.BaseUrl);
    public static readonly Setting MonitorToken = new("monitor.token", "SWF_API_TOKEN", "", "token of the agent API", Any) { Secret = true };
    public static readonly Setting MonitorCaBundle = new("monitor.ca_bundle", "REQUESTS_CA_BUNDLE", "", "PEM file of the CAs that the monitor's certificate must chain to; empty: the system's", Any);
    public static readonly Setting ActionTimeout = new("monitor.action_timeout", "EPICPROD_ACTION_LOG_TIMEOUT", "5", "limit of one try to send an action record", Span);

    public static readonly Setting LogLevel = new("log.level", "SWF_LOG_LEVEL", "INFO", "least level that is logged", OneOf("TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"));
    public static readonly Setting LogQuiet = new("log.quiet", "SWF_AGENT_QUIET", "false", "nothing below WARNING on the console", Truth);
    public static readonly Setting LogFile = new("log.file", null, "", "a log file beside the console, rolled daily, 14 kept; empty: none", FileInFolder);
    public static readonly Setting StompDebug = new("log.stomp_debug", "SWF_STOMP_DEBUG", "false", "log the STOMP connection at DEBUG", Truth);

    /// <summary>All of them, in the order they are printed.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        Namespace, Host, Port, User, Password, UseSsl, CaCerts, CertFile, KeyFile, AllowPlaintext, VirtualHost, ClientId, HeartBeat,
        ConnectTimeout, Queue, WindowMessages, WindowBytes, Exclusive, HasStandby, Vouches, Standalone, EventTopic, SettledTopic, Id, StateDir,
        TmpDir, DoersDir, MaxWorkers, DrainTimeout, LookUpEvery, LookUpFor, LedgerBytes, RunLogBytes, DoerNice, KeysDir, SigningWindow,
        ControlGroup, MonitorUrl, MonitorHttpUrl, MonitorToken, MonitorCaBundle,
        ActionTimeout, LogLevel, LogQuiet, LogFile, StompDebug,
    ];

    /// <summary>The tables that settings stand in. Those without a setting are known by name and hold nothing yet.</summary>
    public static readonly IReadOnlyDictionary<string, string> Tables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["testbed"] = "Which of the facility's environments this is.",
        ["broker"] = "The broker, and the queue that requests come by.",
        ["events"] = "Where events and settlements go.",
        ["agent"] = "The agent's name, its folders, and how much it does at once.",
        ["work"] = "How work is seen to its end, and what is kept of it.",
        ["signing"] = "Signatures of requests: who may ask is said by the capabilities.",
        ["control"] = "The local door, by which opsctl asks the agent of this host.",
        ["log"] = "What is logged, and where to.",
        ["monitor"] = "The facility's monitor: its registry of agents, its action records, its log.",
    };

    private static (string Text, string Origin) DoersBeside(IReadOnlyDictionary<string, string> environment) =>
        (Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "doers")), "default");
}
