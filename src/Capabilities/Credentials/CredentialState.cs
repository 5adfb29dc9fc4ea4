namespace OpsAgent.Capabilities.Credentials;

/// <summary>What is to be said of a credential.</summary>
public enum CredentialState
{
    /// <summary>It may be lent.</summary>
    Good = 0,

    /// <summary>It lasts, but not as long as it must.</summary>
    Short,

    /// <summary>It has ended.</summary>
    Expired,

    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>Nothing says where it is.</summary>
    Unset,

    /// <summary>It may not be read, or is not what it should be.</summary>
    Unreadable,

    /// <summary>Somebody may use or change it who must not.</summary>
    Exposed,
}
