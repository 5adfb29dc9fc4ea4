using OpsAgent.Capabilities.Signing;

namespace OpsAgent.Agent.Dispatch.Signing;

/// <summary>The keys that are believed now.</summary>
internal interface ISigningKeys
{
    /// <summary>False: signatures are not looked at, as if they were not there.</summary>
    bool AreOn { get; }

    /// <summary>Completes when the keys have been looked at for the first time; until then nobody can say whether a signature is right.</summary>
    Task Known { get; }

    /// <summary>From memory; null if there is none of that id that is acceptable.</summary>
    SigningKey? Find(string id);
}
