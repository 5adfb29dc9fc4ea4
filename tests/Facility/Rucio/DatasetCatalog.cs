using System.Collections.Concurrent;
using OpsAgent.Tests.Facility.Faults;

namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>What the stand-in's other Rucio, of the campaigns' outputs, knows, and how it misbehaves.</summary>
public sealed class DatasetCatalog
{
    private readonly Lock _gate = new();
    private readonly List<StandInDataset> _datasets = [];
    private readonly ConcurrentDictionary<string, int> _tokens = new();
    private readonly FaultBook<RucioFault> _faults = new();

    /// <summary>Account, user name and password.</summary>
    public string Account { get; set; } = "eicread";

    /// <summary>The password of the user named like the account.</summary>
    public string Password { get; set; } = "eicread";

    /// <summary>The calls that a token is good for; then it has ended.</summary>
    public int TokenUses { get; set; } = int.MaxValue;

    /// <summary>Raw lines that each search ends with, for example <c>null</c>.</summary>
    public IReadOnlyList<string> StrayLines { get; set; } = [];

    /// <summary>Called at the start of each call with its name, for a test that does something between two calls.</summary>
    public Action<string>? OnCall { get; set; }

    /// <summary>The datasets, in the order of searches.</summary>
    public IReadOnlyList<StandInDataset> Datasets
    {
        get
        {
            lock (_gate)
            {
                return [.. _datasets];
            }
        }
    }

    /// <summary>Declares a dataset: its name with the leading slash, and each replica as Rucio's JSON.</summary>
    public void Add(string name, params string[] replicas)
    {
        lock (_gate)
        {
            _datasets.Add(new StandInDataset(name, replicas));
        }
    }

    /// <summary>Takes away those whose name begins so.</summary>
    public void Remove(string prefix)
    {
        lock (_gate)
        {
            _datasets.RemoveAll(d => d.Name.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    /// <summary>A replica of <paramref name="files"/> files, of which <paramref name="available"/> (else all) are there.</summary>
    public static string Replica(string rse, int files, int? available = null, string created = "Mon, 02 Feb 2026 03:04:05 UTC") =>
        $$"""
        {"rse": "{{rse}}", "length": {{files}}, "available_length": {{available ?? files}}, "bytes": {{files * 100}},
         "available_bytes": {{(available ?? files) * 100}}, "state": "A", "created_at": "{{created}}", "accessed_at": null}
        """.ReplaceLineEndings("");

    /// <summary>
    /// Makes a call go wrong: <c>auth/userpass</c>, <c>dids/search</c>, <c>dids</c> or <c>replicas/datasets</c>; with a blank and a
    /// pattern or name behind, only that one.
    /// </summary>
    public void FaultAt(string call, RucioFault fault) => _faults.Arm(call, fault);

    internal RucioFault? TakeFault(string call, string subject) => _faults.Take(call) ?? _faults.Take($"{call} {subject}");

    internal void Issue(string token) => _tokens[token] = 0;

    internal bool Accepts(string token) => _tokens.ContainsKey(token) && _tokens.AddOrUpdate(token, 1, (_, uses) => uses + 1) <= TokenUses;

    internal StandInDataset? Find(string name)
    {
        lock (_gate)
        {
            return _datasets.Find(d => d.Name == name);
        }
    }
}
