using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Dispatch;

/// <summary>The handlers in force.</summary>
internal interface IHandlerSource
{
    /// <summary>The handler of that type; null if nobody takes it.</summary>
    IHandler? Find(MsgType msgType);

    /// <summary>The last handler of a type that a reload has removed, for what had begun before; else null.</summary>
    IHandler? FindFormer(MsgType msgType) => null;

    /// <summary>Types that ask for work, sorted; not those that are answered at once, such as pings.</summary>
    IReadOnlyList<string> WorkTypes { get; }
}
