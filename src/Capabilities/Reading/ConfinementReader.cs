using System.Globalization;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads what a run may have and see: <c>limits</c> and <c>sandbox</c>.</summary>
internal static class ConfinementReader
{
    // The runtime maps a file of this size as it starts, to keep code from being both writable and executable.
    private const long RuntimeMapping = 2L * 1024 * 1024 * 1024;

    private static readonly Dictionary<string, string> NoEnvironment = [];
    private static readonly string[] Roots = ["{tmp}", "{home}"];

    public static DoerLimits? ReadLimits(TableReader capability, string program)
    {
        if (capability.Table(CapabilityKeys.Limits) is not { } table)
        {
            return null;
        }

        var limits = new DoerLimits
        {
            Heap = Size(table, LimitKeys.Heap),
            AddressSpace = Size(table, LimitKeys.AddressSpace),
            Files = table.Number(LimitKeys.Files),
            Processes = table.Number(LimitKeys.Processes),
            Cpu = Limits.Read(table, LimitKeys.Cpu, NoEnvironment),
            FileSize = Size(table, LimitKeys.FileSize),
        };
        if (!program.StartsWith('/'))
        {
            CheckRuntime(table, limits);
        }

        table.RefuseOthers();
        return limits;
    }

    /// <param name="capability">The capability's table.</param>
    /// <param name="lent">The credentials that it is lent.</param>
    /// <param name="withheld">All others.</param>
    /// <param name="environment">The agent's environment, which says where they are.</param>
    public static DoerSandbox? ReadSandbox(
        TableReader capability,
        IReadOnlyList<CredentialDefinition> lent,
        IReadOnlyList<CredentialDefinition> withheld,
        IReadOnlyDictionary<string, string> environment)
    {
        if (capability.Table(CapabilityKeys.Sandbox) is not { } table)
        {
            return null;
        }

        // By the same code that judges them: a run is shown the file that was looked at.
        var judge = CredentialJudge.OfThisUser(environment, TimeProvider.System);
        var sandbox = new DoerSandbox
        {
            Readable = Places(table, SandboxKeys.Readable),
            Writable = Places(table, SandboxKeys.Writable),
            Hidden = Places(table, SandboxKeys.Hidden),
            Lent = Files(lent.Where(static c => c.Kind != CredentialKind.OidcToken)),
            Renewed = Files(lent.Where(static c => c.Kind == CredentialKind.OidcToken)),
            Withheld = Files(withheld),
            HasNetwork = table.Boolean(SandboxKeys.Network) ?? false,
        };
        table.RefuseOthers();
        return sandbox;

        List<string> Files(IEnumerable<CredentialDefinition> credentials) =>
            [.. credentials.Select(judge.PathOf).OfType<string>().Where(Path.IsPathFullyQualified)];
    }

    /// <summary>Whether a text names a place on the host, whatever is there.</summary>
    public static bool IsPlace(string text)
    {
        var path = Roots.FirstOrDefault(r => text.StartsWith(r, StringComparison.Ordinal)) is { } root ? text[root.Length..] : text;
        return path.Length == 0
            ? text.Length > 0
            : path[0] == '/' && !ScalarText.HasControls(path) && path[1..].Split('/').All(static p => p is not ("" or "." or ".."));
    }

    /// <summary>The doers beside the agent are .NET programs.</summary>
    private static void CheckRuntime(TableReader table, DoerLimits limits)
    {
        if (limits.AddressSpace is not null)
        {
            table.Report(LimitKeys.AddressSpace, "kills the runtime of the agent's own doers, which reserves far more than it uses: limit heap");
        }

        if (limits.FileSize < RuntimeMapping)
        {
            table.Report(LimitKeys.FileSize, "must be at least \"2GiB\" for the agent's own doers, whose runtime maps a file of that size");
        }
    }

    private static long? Size(TableReader table, SizeKey key)
    {
        switch (table.Find(key))
        {
            case null:
                return null;
            case TomlString text when Bytes(text.Value) is { } bytes && bytes >= key.Min:
                return bytes;
            default:
                table.Report(key, $"must be a size such as \"64KiB\", \"512MiB\" or \"2GiB\", at least {key.Min / 1024}KiB");
                return null;
        }
    }

    private static long? Bytes(string text)
    {
        var shift = text.Length < 4 ? 0 : text[^3..] switch { "KiB" => 10, "MiB" => 20, "GiB" => 30, _ => 0 };
        return shift > 0 && text.TrimStart('0').Length <= 12
            && long.TryParse(text.AsSpan()[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number << shift
                : null;
    }

    private static List<string> Places(TableReader table, TextsKey key)
    {
        var places = new List<string>();
        foreach (var node in table.Texts(key))
        {
            if (!IsPlace(node.Value))
            {
                table.Report(node, key, "must be an absolute path, or begin with {tmp} or {home}: no empty part, no '.' and no '..'");
            }
            else
            {
                places.Add(node.Value);
            }
        }

        return places;
    }
}
