using Microsoft.Extensions.DependencyInjection;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;

namespace OpsAgent.Agent.Hosting;

/// <summary>The registry, resolved at the first look-up: handlers may depend on what itself looks handlers up.</summary>
internal sealed class LateHandlers(IServiceProvider services) : IHandlerSource
{
    private readonly Lazy<HandlerRegistry> _registry = new(services.GetRequiredService<HandlerRegistry>);

    public IReadOnlyList<string> WorkTypes => _registry.Value.WorkTypes;

    public IHandler? Find(MsgType msgType) => _registry.Value.Find(msgType);
}
