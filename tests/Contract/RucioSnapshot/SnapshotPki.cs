using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Contract.RucioSnapshot;

/// <summary>The keys that stand-ins of one class of tests serve with.</summary>
public sealed class SnapshotPki : IDisposable
{
    public GridCredentials Credentials { get; } = GridCredentials.Create();

    public void Dispose() => Credentials.Dispose();
}
