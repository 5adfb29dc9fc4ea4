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

    public string Address => string.Join(", ", Endpoints);
}

/// <summary>PEM files of a TLS connection.</summary>
internal sealed record TlsSettings(string CaFile, string? CertificateFile, string? KeyFile);
