using System.Diagnostics.CodeAnalysis;
using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities;

/// <summary>What an agent can do, as its configuration file declares it. Immutable: a reload makes a new one.</summary>
public sealed class Manifest
{
    private readonly Dictionary<MsgType, Capability> _byType;

    internal Manifest(
        IReadOnlyList<LaneDefinition> lanes,
        IReadOnlyList<CredentialDefinition> credentials,
        IReadOnlyList<Capability> capabilities,
        IReadOnlyDictionary<string, SenderRule> messages)
    {
        Messages = messages;
        Lanes = lanes;
        Credentials = credentials;
        Capabilities = capabilities;
        _byType = capabilities.ToDictionary(static c => c.MsgType);
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<LaneDefinition> Lanes { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CredentialDefinition> Credentials { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Capability> Capabilities { get; }

    /// <summary>Who may send what the agent's own code answers, by message type; open for those that are not there.</summary>
    public IReadOnlyDictionary<string, SenderRule> Messages { get; }

    /// <summary>Who may ask for a type; null for what the manifest does not name.</summary>
    public SenderRule? RuleOf(MsgType type) =>
        _byType.TryGetValue(type, out var capability) ? capability.Definition.Senders : Messages.GetValueOrDefault(type.Value);

    /// <summary>The capability that takes requests of a type.</summary>
    public bool TryFind(MsgType type, [NotNullWhen(true)] out Capability? capability) =>
        _byType.TryGetValue(type, out capability);
}
