using OpsAgent.Tests.Fuzz.Engine;
using OpsAgent.Tests.Fuzz.Targets;

namespace OpsAgent.Tests.Fuzz;

/// <summary>All there are; a new one is a class in Targets and a line here.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Func<ITarget>> All = new(StringComparer.Ordinal)
    {
        [StompFrames.Title] = static () => new StompFrames(),
        [EnvelopeJson.Title] = static () => new EnvelopeJson(),
        [TomlText.Title] = static () => new TomlText(),
        [ManifestText.Title] = static () => new ManifestText(),
        [PrunCommand.Title] = static () => new PrunCommand(),
        [LogTarballs.Title] = static () => new LogTarballs(),
        [ReplicaLines.Title] = static () => new ReplicaLines(),
        [ProxyPem.Title] = static () => new ProxyPem(),
        [SignedHeaders.Title] = static () => new SignedHeaders(),
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>Null if there is none of that name.</summary>
    public static ITarget? Create(string name) => All.TryGetValue(name, out var create) ? create() : null;
}
