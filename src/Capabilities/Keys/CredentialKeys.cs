using OpsAgent.Capabilities.Reading;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[credential.NAME]</c>.</summary>
internal static class CredentialKeys
{
    public static readonly TextKey Variable =
        new("env", "The environment variable that holds the credential's path. It is lent to a doer with the credential.")
        {
            Required = true,
            Pattern = Patterns.Variable,
            Not = AgentSecrets.Variables,
        };

    public static readonly TableForm Form = new() { Keys = [Variable] };
}
