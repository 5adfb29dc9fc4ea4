namespace OpsAgent.Capabilities.Credentials;

/// <summary>What a credential is, and so how it is judged.</summary>
public enum CredentialKind
{
    /// <summary>The variable holds the value itself: nothing is known of its life, and it is lent as it is.</summary>
    Value = 0,

    /// <summary>An RFC 3820 proxy: certificate, key and chain in one PEM file.</summary>
    X509Proxy,

    /// <summary>The panda client's token file: JSON with an <c>id_token</c>, or the bare token. The client renews it in place.</summary>
    OidcToken,

    /// <summary>A file with user and password: <c>USER:PASSWORD</c>, or a line each.</summary>
    UserPass,

    /// <summary>A token where WLCG's discovery finds it.</summary>
    BearerToken,
}
