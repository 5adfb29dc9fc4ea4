using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Dispatch;

/// <summary>The handlers in force.</summary>
internal interface IHandlerSource
{
    /// <summary>The handler of that type; null if nobody takes it.</summary>
    IHandler? Find(MsgType msgType);
}
