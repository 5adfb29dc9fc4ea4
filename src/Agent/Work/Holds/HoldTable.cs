using System.Collections.Immutable;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Holds;

/// <summary>What is held, in memory: safe on the path of a pong.</summary>
internal sealed class HoldTable
{
    private ImmutableSortedDictionary<string, HeldType> _held = ImmutableSortedDictionary.Create<string, HeldType>(StringComparer.Ordinal);

    private volatile Action _changed = static () => { };

    /// <summary>By type.</summary>
    public IReadOnlyList<HeldType> All => [.. Volatile.Read(ref _held).Values];

    public HeldType? Find(MsgType msgType) => Volatile.Read(ref _held).GetValueOrDefault(msgType.Value);

    /// <summary>Calls it whenever a hold begins, ends or becomes another. It must not block.</summary>
    public void Watch(Action changed) => _changed += changed;

    public void Set(HeldType held)
    {
        ImmutableInterlocked.Update(ref _held, static (all, h) => all.SetItem(h.MsgType.Value, h), held);
        _changed();
    }

    public void Remove(MsgType msgType)
    {
        ImmutableInterlocked.Update(ref _held, static (all, t) => all.Remove(t.Value), msgType);
        _changed();
    }
}
