namespace OpsAgent.Capabilities.Credentials;

/// <summary>What a look at a credential came to. It never holds anything of the secret.</summary>
/// <param name="Credential">Which.</param>
/// <param name="State">What is to be said of it.</param>
/// <param name="Path">Its file; null if it has none.</param>
/// <param name="Problem">One line, with the path, why it is not good; empty if it is.</param>
public sealed record CredentialVerdict(CredentialDefinition Credential, CredentialState State, string? Path, string Problem = "")
{
    /// <summary>When it ends; null if that is not known.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>True if whoever uses it can get a new one by itself.</summary>
    public bool IsRenewable { get; init; }

    /// <summary>True if no doer is to be started with it.</summary>
    public bool Holds => State != CredentialState.Good
        && !(Credential.Optional && State is CredentialState.Missing or CredentialState.Unset);

    /// <summary>What to do about it.</summary>
    public string Advice => State == CredentialState.Exposed
        ? $"see to its owner and mode: at most 0{Convert.ToString(Credential.ModeMax, 8)}"
        : Credential.Kind switch
        {
            CredentialKind.X509Proxy => "renew it with voms-proxy-init",
            CredentialKind.OidcToken => "sign in again with the panda client",
            CredentialKind.UserPass => "write user and password into it",
            CredentialKind.BearerToken => "get a new one, for example with htgettoken",
            _ => "set its variable",
        };
}
