namespace OpsAgent.Capabilities;

/// <summary>A credential that capabilities may be lent. The secret itself never passes through the manifest.</summary>
/// <param name="Name">What capabilities call it.</param>
/// <param name="Variable">The environment variable that holds its path; lent with it.</param>
public sealed record CredentialDefinition(string Name, string Variable);
