using OpsAgent.Capabilities.Keys;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>[credential.NAME]</c>.</summary>
internal static class CredentialReader
{
    public static IReadOnlyList<CredentialDefinition> Read(TomlTable root, Problems problems)
    {
        var credentials = new List<CredentialDefinition>();
        foreach (var table in TableReader.Tables(root, ManifestKeys.Credential, problems))
        {
            if (table.Text(CredentialKeys.Variable) is { } variable)
            {
                if (!Names.IsVariable(variable))
                {
                    table.Report(CredentialKeys.Variable, "must be the name of an environment variable");
                }
                else if (AgentSecrets.In(variable) is not null)
                {
                    table.Report(CredentialKeys.Variable, $"is {AgentSecrets.Refusal}");
                }
                else
                {
                    credentials.Add(new CredentialDefinition(table.Name, variable));
                }
            }

            table.RefuseOthers();
        }

        return credentials;
    }
}
