namespace OpsAgent.Stomp;

/// <summary>
/// How a TLS connection is made. The server's chain and name are always checked, TLS 1.2 is the least. The files are read at
/// construction of the client, so that a wrong path fails there, and again for each connection, so that renewed ones are used.
/// </summary>
public sealed record StompTlsOptions
{
    /// <summary>PEM file of the certificates that a server's chain must end in. When given, system roots are not trusted.</summary>
    public string? CaFile { get; init; }

    /// <summary>Trust what the system trusts. Needed when <see cref="CaFile"/> is not given: trust is never a default.</summary>
    public bool UseSystemRoots { get; init; }

    /// <summary>PEM file with this client's certificate and, after it, what leads from it to its root.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file with the client's unencrypted key; null: the key is in <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>The name that the server's certificate must carry; null: the endpoint's host.</summary>
    public string? TargetHost { get; init; }
}
