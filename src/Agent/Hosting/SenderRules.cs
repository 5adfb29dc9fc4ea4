using Microsoft.Extensions.DependencyInjection;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>The rules of the manifest in force, and what they need of the settings.</summary>
internal sealed class SenderRules(ManifestInForce manifest, IServiceProvider services) : ISenderRules
{
    // Handlers may depend on what depends on these rules: looked up when first asked.
    private readonly Lazy<CapabilityHandlers> _handlers = new(services.GetRequiredService<CapabilityHandlers>);

    /// <summary>
    /// What the manifest does not name is open if the agent's code answers it: its own messages, and a team's handlers. Nobody may ask for
    /// anything else: while a reload takes effect, that is a type whose handler was found a moment ago and whose rule is gone.
    /// </summary>
    public SenderRule Of(MsgType type) =>
        manifest.Manifest.RuleOf(type) ?? (_handlers.Value.IsInCode(type) ? SenderRule.Open : SenderRule.Closed);

    /// <summary>Rules that nobody could ever meet: a mistake, not a lock.</summary>
    public static IEnumerable<string> Mistakes(Manifest manifest, EffectiveConfiguration settings)
    {
        var vouched = AgentOptions.IsTrue(settings[AgentSettings.Vouches]);
        var hasKeys = settings[AgentSettings.KeysDir].Length > 0;
        var rules = manifest.Capabilities.Select(static c => (Path: $"capability.{c.MsgType}", Rule: c.Definition.Senders))
            .Concat(manifest.Messages.Select(static m => (Path: $"message.{m.Key}", Rule: m.Value)));
        foreach (var (path, rule) in rules)
        {
            if (rule.NeedsKeys && !hasKeys)
            {
                yield return $"{path} asks for signatures, but signing.keys_dir names no folder of keys: nobody could send it";
            }

            if (rule.NamesUsers && !vouched)
            {
                yield return $"{path}.senders names a user, but broker.vouches_for_senders is off: set it once the broker adds the sender's login itself";
            }
        }
    }
}
