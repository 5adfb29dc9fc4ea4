using System.Collections.Concurrent;
using OpsAgent.Tests.Facility.Faults;

namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>What the stand-in's Rucio knows, and how it misbehaves.</summary>
public sealed class RucioCatalog
{
    private readonly ConcurrentDictionary<string, (long? Bytes, StandInReplica[] Replicas)> _files = new();
    private readonly FaultBook<RucioFault> _faults = new();

    /// <summary>The account that certificates may act for.</summary>
    public string Account { get; set; } = "panda";

    /// <summary>Tokens that were given out; no other is accepted.</summary>
    public ConcurrentBag<string> Tokens { get; } = [];

    /// <summary>Declares a file and its replicas; none is a DID without replicas.</summary>
    public void Add(string scope, string name, long? bytes, params StandInReplica[] replicas) =>
        _files[$"{scope}:{name}"] = (bytes, replicas);

    /// <summary>Makes a call, for example <c>auth/x509</c>, go wrong.</summary>
    public void FaultAt(string call, RucioFault fault) => _faults.Arm(call, fault);

    internal (long? Bytes, StandInReplica[] Replicas)? Find(string scope, string name) =>
        _files.TryGetValue($"{scope}:{name}", out var file) ? file : null;

    internal RucioFault? TakeFault(string call) => _faults.Take(call);
}
