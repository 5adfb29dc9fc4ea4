using System.Collections.Concurrent;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>Credentials that a test takes away and gives back.</summary>
internal sealed class FakeGate : ICredentialGate
{
    private readonly ConcurrentDictionary<string, CredentialHold> _missing = [];
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>True: each look finds the contrary of the one before.</summary>
    public bool Flickers { get; set; }

    public void Take(string type, string reason = "credential proxy (it expired)", TimeSpan? maxHold = null) =>
        _missing[type] = new CredentialHold(reason, maxHold ?? TimeSpan.FromHours(1));

    public void Give(string type) => _missing.TryRemove(type, out _);

    public ValueTask<CredentialHold?> JudgeAsync(MsgType msgType)
    {
        var asked = Interlocked.Increment(ref _asked);
        return ValueTask.FromResult(Flickers && asked % 2 == 0
            ? new CredentialHold("credential proxy (it expired)", TimeSpan.FromDays(30))
            : _missing.GetValueOrDefault(msgType.Value));
    }
}
