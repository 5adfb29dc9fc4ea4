using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Dispatch;

/// <summary>Finds the handler of a type, as of the manifest in force now.</summary>
internal interface IHandlerSource
{
    /// <summary>The handler of <paramref name="msgType"/>; null if there is none.</summary>
    IHandler? Find(MsgType msgType);
}
