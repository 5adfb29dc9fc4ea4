using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Dispatch;

/// <summary>The handlers in force.</summary>
internal interface IHandlerSource
{
    /// <summary>The handler of that type; null if nobody takes it.</summary>
    IHandler? Find(MsgType msgType);

    /// <summary>Types that ask for work, sorted; not those that are answered at once, such as pings.</summary>
    IReadOnlyList<string> WorkTypes { get; }
}
