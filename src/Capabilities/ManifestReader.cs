using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Reading;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities;

/// <summary>
/// Reads the tables <c>lane</c>, <c>credential</c>, <c>capability</c> and <c>message</c> of an agent's configuration file and checks them whole.
/// Pure but for reading the file: nothing is put in force, so a reload can be checked first.
/// </summary>
public static class ManifestReader
{
    /// <summary>The tables of the same file that others read; one that is nearly called so is a slip of the pen.</summary>
    internal static readonly IReadOnlyList<string> KnownTables =
    [
        "testbed", "broker", "agent", "events", "work", ManifestKeys.Lane, ManifestKeys.Capability, ManifestKeys.Credential, "log", "monitor",
        "control", "signing", ManifestKeys.Message,
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Named in every error as it is given here.</param>
    /// <param name="environment">Where limits of the form <c>{ env = "NAME", default = "180s" }</c> are looked up.</param>
    public static ManifestReading Read(string path, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            return Check(TomlDocument.ReadFile(path), path, environment);
        }
        catch (TomlException e)
        {
            return SyntaxError(e, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new ManifestReading(null, [new ManifestError(path, 0, 0, "", $"can't be read: {e.Message}")]);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The whole document.</param>
    /// <param name="fileName">Named in every error.</param>
    /// <param name="environment">As for <see cref="Read"/>.</param>
    public static ManifestReading Parse(string text, string fileName, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            return Check(TomlDocument.Parse(text, fileName), fileName, environment);
        }
        catch (TomlException e)
        {
            return SyntaxError(e, fileName);
        }
    }

    private static ManifestReading SyntaxError(TomlException e, string fileName) =>
        new(null, [new ManifestError(fileName, e.Position.Line, e.Position.Column, "", e.Problem)]);

    private static ManifestReading Check(TomlTable root, string fileName, IReadOnlyDictionary<string, string> environment)
    {
        var problems = new Problems(fileName);
        CheckNames(root, problems);
        var lanes = LaneReader.Read(root, problems);
        var credentials = CredentialReader.Read(root, environment, problems);
        var shared = new SharedTables(
            lanes.ToDictionary(static l => l.Name.Value, StringComparer.Ordinal),
            credentials.ToDictionary(static c => c.Name, StringComparer.Ordinal),
            NamesIn(root, ManifestKeys.Lane),
            NamesIn(root, ManifestKeys.Credential),
            environment);
        var definitions = new List<CapabilityDefinition>();
        foreach (var table in TableReader.Tables(root, ManifestKeys.Capability, problems))
        {
            if (new CapabilityReader(table, shared).Read() is { } definition)
            {
                definitions.Add(definition with { Text = TableText.Of(((TomlTable)root[ManifestKeys.Capability.Name])[table.Name]) });
            }
        }

        var messages = SendersReader.ReadMessages(root, problems);
        return problems.Count > 0
            ? new ManifestReading(null, problems.InOrder())
            : new ManifestReading(new Manifest(lanes, credentials, [.. definitions.Select(static d => new Capability(d))], messages), []);
    }

    private static string[] NamesIn(TomlTable root, string name) =>
        root.TryGetValue(name, out var node) && node is TomlTable table ? [.. table.Keys] : [];

    private static void CheckNames(TomlTable root, Problems problems)
    {
        foreach (var key in root.Keys)
        {
            if (!KnownTables.Contains(key) && Spelling.Nearest(key, KnownTables) is { } meant)
            {
                problems.Add(root.KeyPosition(key), key, $"unknown table; did you mean '{meant}'?");
            }
        }
    }
}
