using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// The registry in force. The first is resolved at the first look-up, since handlers may depend on what itself looks handlers up; a
/// reload replaces it.
/// </summary>
internal sealed class LateHandlers(IServiceProvider services) : IHandlerSource
{
    private readonly Lazy<HandlerRegistry> _first = new(services.GetRequiredService<HandlerRegistry>);
    private volatile HandlerRegistry? _next;
    private volatile ImmutableDictionary<string, IHandler> _former = ImmutableDictionary.Create<string, IHandler>(StringComparer.Ordinal);

    public IReadOnlyList<string> WorkTypes => Current.WorkTypes;

    private HandlerRegistry Current => _next ?? _first.Value;

    public IHandler? Find(MsgType msgType) => Current.Find(msgType);

    public IHandler? FindFormer(MsgType msgType) => _former.GetValueOrDefault(msgType.Value);

    /// <summary>From the next look-up on these are in force. By one thread at a time.</summary>
    public void Replace(HandlerRegistry next)
    {
        var former = _former.ToBuilder();
        foreach (var type in Current.Types)
        {
            former[type] = Current.Find(new MsgType(type))!;
        }

        former.RemoveRange(next.Types);
        _former = former.ToImmutable();
        _next = next;
    }
}
