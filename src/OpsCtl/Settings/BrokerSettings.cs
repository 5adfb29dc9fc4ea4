using OpsAgent.OpsCtl.Bus;
using OpsAgent.Stomp;

namespace OpsAgent.OpsCtl.Settings;

/// <summary>Where the broker is and what is said to it. Checked; not a record, so that nothing prints the password.</summary>
internal sealed class BrokerSettings
{
    /// <summary>Tried in turn.</summary>
    public required IReadOnlyList<StompEndpoint> Endpoints { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    /// <summary>Null: plain text.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Where requests go.</summary>
    public required string Queue { get; init; }

    /// <summary>Where settlements come from; empty: the agent publishes none.</summary>
    public required string SettledTopic { get; init; }

    /// <summary>The agent's namespace, put into every request.</summary>
    public required string Namespace { get; init; }

    /// <summary>How long one connection may take to come up.</summary>
    public TimeSpan ConnectTimeout { get; init; } = IOpsBus.ConnectTimeout;

    public string Address => string.Join(", ", Endpoints);

    /// <summary>The same, with more or less patience.</summary>
    public BrokerSettings WithConnectTimeout(TimeSpan timeout) => new()
    {
        Endpoints = Endpoints,
        User = User,
        Password = Password,
        Tls = Tls,
        Queue = Queue,
        SettledTopic = SettledTopic,
        Namespace = Namespace,
        ConnectTimeout = timeout,
    };
}

/// <summary>PEM files of a TLS connection.</summary>
internal sealed record TlsSettings(string CaFile, string? CertificateFile, string? KeyFile);
