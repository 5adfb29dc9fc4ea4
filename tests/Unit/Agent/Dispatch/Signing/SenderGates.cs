using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Signing;

namespace OpsAgent.Tests.Unit.Agent.Dispatch.Signing;

/// <summary>Gates for tests.</summary>
internal static class SenderGates
{
    /// <summary>Lets everybody in.</summary>
    public static SenderGate Open => Of(SenderRule.Open);

    /// <summary>The same rule for all types, and these keys; without any they are off.</summary>
    public static SenderGate Of(SenderRule rule, params SigningKey[] keys) => Of(() => rule, keys);

    /// <summary>The same for a rule that may change.</summary>
    public static SenderGate Of(Func<SenderRule> rule, params SigningKey[] keys) => Of(rule, Task.CompletedTask, keys);

    /// <summary>The same for keys that are known only then.</summary>
    public static SenderGate Of(Func<SenderRule> rule, Task known, params SigningKey[] keys) =>
        new(new OneRule(rule), new SomeKeys(keys, known), new SenderGateOptions(SignedFrame.Queue, TimeSpan.FromMinutes(5)));

    /// <summary>Uses up signatures by that intake, of a ledger that commits unless it is said not to.</summary>
    public static SignedControl Control(IIntake intake, TimeProvider time, OperationalState? state = null, bool canCommit = true) => new(
        intake, Mock.Of<ILedgerState>(l => l.CanCommit == canCommit), state ?? new OperationalState(),
        new SenderGateOptions(SignedFrame.Queue, TimeSpan.FromMinutes(5)), time, NullLogger<SignedControl>.Instance);

    private sealed class OneRule(Func<SenderRule> rule) : ISenderRules
    {
        public SenderRule Of(MsgType type) => rule();
    }

    private sealed class SomeKeys(SigningKey[] keys, Task known) : ISigningKeys
    {
        public bool AreOn => keys.Length > 0;

        public Task Known => known;

        public SigningKey? Find(string id) => keys.FirstOrDefault(k => k.Id == id);
    }
}
