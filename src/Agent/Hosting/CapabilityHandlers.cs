using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Handlers;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>Makes the handlers of a manifest, beside those in code, which a reload leaves as they are.</summary>
internal sealed class CapabilityHandlers(IEnumerable<IHandler> inCode, FailureMarkers markers)
{
    private readonly IHandler[] _inCode = [.. inCode];

    /// <summary>True if the agent's own code, or a team's, takes that type: no manifest and no reload changes that.</summary>
    public bool IsInCode(MsgType type) => Array.Exists(_inCode, h => h.MsgType == type);

    /// <exception cref="InvalidOperationException">Two handlers take one type.</exception>
    public HandlerRegistry RegistryOf(Manifest manifest) =>
        new([.. _inCode, .. manifest.Capabilities.Select(c => new DoerHandler(c, markers))]);
}
