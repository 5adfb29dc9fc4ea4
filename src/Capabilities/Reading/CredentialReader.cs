using OpsAgent.Capabilities.Credentials;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>[credential.NAME]</c>.</summary>
internal static class CredentialReader
{
    private const int ForOthers = 7;

    public static IReadOnlyList<CredentialDefinition> Read(
        TomlTable root, IReadOnlyDictionary<string, string> environment, Problems problems)
    {
        var credentials = new List<CredentialDefinition>();
        foreach (var table in TableReader.Tables(root, ManifestKeys.Credential, problems))
        {
            var before = problems.Count;
            var credential = new CredentialDefinition(table.Name, Variable(table))
            {
                Kind = CredentialKeys.KindOf(table.Word(CredentialKeys.Kind)),
                Path = FilePath(table),
                Owners = [.. table.Texts(CredentialKeys.Owners).Select(static o => o.Value)],
                ModeMax = Mode(table) ?? CredentialDefinition.UsualMode,
                Follow = table.Boolean(CredentialKeys.Follow) ?? false,
                MinLife = Limits.Read(table, CredentialKeys.MinLife, environment) ?? TimeSpan.Zero,
                Optional = table.Boolean(CredentialKeys.Optional) ?? false,
            };
            if (problems.Count == before)
            {
                Check(table, credential);
            }

            table.RefuseOthers();
            if (credential.Variables.Count > 0 || problems.Count == before)
            {
                credentials.Add(credential);
            }
        }

        return credentials;
    }

    private static string? Variable(TableReader table)
    {
        if (table.Text(CredentialKeys.Variable) is not { } variable)
        {
            return null;
        }

        if (Names.IsVariable(variable) && AgentSecrets.In(variable) is null)
        {
            return variable;
        }

        table.Report(
            CredentialKeys.Variable, Names.IsVariable(variable) ? $"is {AgentSecrets.Refusal}" : "must be the name of an environment variable");
        return null;
    }

    private static string? FilePath(TableReader table)
    {
        var path = table.Text(CredentialKeys.Path);
        var start = path is null || path[0] == '/' ? "/" : "~/";
        if (path is null || (path.Length > start.Length && path.StartsWith(start, StringComparison.Ordinal)
            && !path.Any(static c => char.IsControl(c) || c is '\u2028' or '\u2029')))
        {
            return path;
        }

        table.Report(CredentialKeys.Path, "must be an absolute path, or one that begins with ~/");
        return null;
    }

    private static int? Mode(TableReader table)
    {
        if (table.Text(CredentialKeys.ModeMax) is not { } text)
        {
            return null;
        }

        if (text.Length is not (3 or 4) || (text.Length == 4 && text[0] != '0') || text.Any(static c => c is < '0' or > '7'))
        {
            table.Report(CredentialKeys.ModeMax, "must be permissions in octal, such as \"0600\" or \"0640\"");
            return null;
        }

        var mode = text.Aggregate(0, static (sum, digit) => (sum * 8) + (digit - '0'));
        if ((mode & ForOthers) == 0)
        {
            return mode;
        }

        table.Report(CredentialKeys.ModeMax, "gives something to others, who never get anything of a credential: its last digit must be 0");
        return null;
    }

    private static void Check(TableReader table, CredentialDefinition credential)
    {
        switch (credential.Kind)
        {
            case CredentialKind.Value:
                foreach (var key in CredentialKeys.OfFiles.Where(k => table.Find(k) is not null))
                {
                    table.Report(key, "is only for a credential that comes in a file: say its kind");
                }

                break;
            case CredentialKind.BearerToken:
                foreach (var key in new[] { CredentialKeys.Variable, CredentialKeys.Path }.Where(k => table.Find(k) is not null))
                {
                    table.Report(key, "has no place with bearer_token: it is found by BEARER_TOKEN, BEARER_TOKEN_FILE, XDG_RUNTIME_DIR and /tmp");
                }

                return;
            case CredentialKind.OidcToken:
                return;
        }

        if (credential.Variable is null && (credential.Path is null || credential.Kind == CredentialKind.Value))
        {
            table.Report(CredentialKeys.Variable, "is missing");
        }
    }
}
