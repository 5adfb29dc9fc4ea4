using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>Says who a request is counted against when its capability limits what one sender may ask for.</summary>
internal interface ISenderIdentity
{
    /// <summary>The sender's name: one line, bounded; the same for all of one sender's requests, and never empty.</summary>
    string Of(OpsMessage message);
}
