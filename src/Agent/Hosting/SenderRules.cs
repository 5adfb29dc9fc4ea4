using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>The rules of the manifest in force, and what they need of the settings.</summary>
internal sealed class SenderRules(ManifestInForce manifest) : ISenderRules
{
    public SenderRule Of(MsgType type) => manifest.Manifest.RuleOf(type);

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
