using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Signing;

namespace OpsAgent.Tests.Unit.Agent.Dispatch.Signing;

/// <summary>Gates for tests.</summary>
internal static class SenderGates
{
    /// <summary>Lets everybody in.</summary>
    public static SenderGate Open => Of(SenderRule.Open);

    /// <summary>The same rule for all types, and these keys; without any they are off.</summary>
    public static SenderGate Of(SenderRule rule, params SigningKey[] keys) =>
        new(new OneRule(rule), new SomeKeys(keys), new SenderGateOptions(SignedFrame.Queue, TimeSpan.FromMinutes(5)));

    private sealed class OneRule(SenderRule rule) : ISenderRules
    {
        public SenderRule Of(MsgType type) => rule;
    }

    private sealed class SomeKeys(SigningKey[] keys) : ISigningKeys
    {
        public bool AreOn => keys.Length > 0;

        public SigningKey? Find(string id) => keys.FirstOrDefault(k => k.Id == id);
    }
}
