using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>[credential.NAME]</c>.</summary>
internal static class CredentialReader
{
    public static IReadOnlyList<CredentialDefinition> Read(TomlTable root, Problems problems)
    {
        var credentials = new List<CredentialDefinition>();
        foreach (var table in TableReader.Tables(root, "credential", problems))
        {
            if (table.Text("env", required: true) is { } variable)
            {
                if (!Names.IsVariable(variable))
                {
                    table.Report("env", "must be the name of an environment variable");
                }
                else if (AgentSecrets.In(variable) is not null)
                {
                    table.Report("env", $"is {AgentSecrets.Refusal}");
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
