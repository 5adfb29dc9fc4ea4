using OpsAgent.Abstractions;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Dispatch.Signing;

/// <summary>Who may ask for what, as the manifest in force says.</summary>
internal interface ISenderRules
{
    /// <summary>The rule of a type; open for what code answers, closed for what nobody takes.</summary>
    SenderRule Of(MsgType type);
}
