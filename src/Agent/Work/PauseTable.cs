using System.Collections.Immutable;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>What is paused, in memory: safe on the path of a pong. Written by the ledger's thread once a change is on disk.</summary>
internal sealed class PauseTable
{
    private volatile ImmutableSortedDictionary<string, PausedType> _paused =
        ImmutableSortedDictionary.Create<string, PausedType>(StringComparer.Ordinal);

    /// <summary>By type.</summary>
    public IReadOnlyList<PausedType> All => [.. _paused.Values];

    public bool IsPaused(MsgType msgType) => _paused.ContainsKey(msgType.Value);

    public PausedType? Find(MsgType msgType) => _paused.GetValueOrDefault(msgType.Value);

    public void Set(PausedType paused) => _paused = _paused.SetItem(paused.MsgType.Value, paused);

    public void Remove(MsgType msgType) => _paused = _paused.Remove(msgType.Value);
}
