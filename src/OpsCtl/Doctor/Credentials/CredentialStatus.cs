namespace OpsAgent.OpsCtl.Doctor.Credentials;

/// <summary>The words for credentials, the facility's own but for <see cref="Exposed"/>.</summary>
internal static class CredentialStatus
{
    public const string Ok = "ok";

    /// <summary>Ends within the warning window.</summary>
    public const string Expiring = "expiring";

    public const string Expired = "expired";

    /// <summary>There is no such file.</summary>
    public const string Missing = "missing";

    /// <summary>No file is named.</summary>
    public const string Unset = "unset";

    /// <summary>It may not be read, or is not what it should be.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Others may read it, or somebody else could change it: doers do not use it.</summary>
    public const string Exposed = "exposed";
}
