namespace OpsAgent.Capabilities.Credentials;

/// <summary>What a credential's text says of itself. Nothing of the secret is kept.</summary>
/// <param name="Ends">When the first part of it ends; null: it has no end.</param>
internal sealed record CredentialContent(DateTimeOffset? Ends)
{
    /// <summary>From when on it is valid; null: at once.</summary>
    public DateTimeOffset? Begins { get; init; }

    /// <summary>True if a new one can be got with it.</summary>
    public bool HasRefresh { get; init; }

    /// <summary>When that ends; null: not known.</summary>
    public DateTimeOffset? RefreshEnds { get; init; }

    /// <summary>Why it is no credential of its kind; null: it is one. Never quotes the text.</summary>
    public string? Fault { get; init; }

    public static CredentialContent Garbled(string fault) => new((DateTimeOffset?)null) { Fault = fault };

    /// <summary>Reads a text of that kind.</summary>
    public static CredentialContent Of(CredentialKind kind, string text) => kind switch
    {
        CredentialKind.X509Proxy => ProxyText.Read(text),
        CredentialKind.OidcToken => TokenText.ReadFile(text),
        CredentialKind.BearerToken => TokenText.ReadBare(text),
        CredentialKind.UserPass => UserPass(text),
        _ => new CredentialContent((DateTimeOffset?)null),
    };

    private static CredentialContent UserPass(string text)
    {
        var at = text.AsSpan().Trim().IndexOfAny(':', '\n');
        return at > 0 && at < text.AsSpan().Trim().Length - 1
            ? new CredentialContent((DateTimeOffset?)null)
            : Garbled("holds no user and password: USER:PASSWORD, or a line each");
    }
}
