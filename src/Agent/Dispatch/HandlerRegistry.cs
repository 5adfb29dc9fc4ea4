using System.Collections.Frozen;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Handlers;

namespace OpsAgent.Agent.Dispatch;

/// <summary>All handlers by their type: those in code, those of the manifest, those that a team registered.</summary>
internal sealed class HandlerRegistry : IHandlerSource
{
    private readonly FrozenDictionary<string, IHandler> _byType;

    /// <exception cref="InvalidOperationException">Two handlers take the same type.</exception>
    public HandlerRegistry(IEnumerable<IHandler> handlers)
    {
        var byType = new Dictionary<string, IHandler>(StringComparer.Ordinal);
        foreach (var handler in handlers)
        {
            if (!byType.TryAdd(handler.MsgType.Value, handler))
            {
                throw new InvalidOperationException(
                    $"two handlers take msg_type '{handler.MsgType}': {byType[handler.MsgType.Value].GetType().Name} and {handler.GetType().Name}");
            }
        }

        _byType = byType.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The types, sorted.</summary>
    public IReadOnlyList<string> Types => [.. _byType.Keys.Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> WorkTypes =>
        [.. _byType.Where(static h => h.Value is not IControlHandler).Select(static h => h.Key).Order(StringComparer.Ordinal)];

    public IHandler? Find(MsgType msgType) => _byType.GetValueOrDefault(msgType.Value);
}
