using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Facility.Hosting;

/// <summary>How a stand-in starts.</summary>
public sealed record FacilityOptions
{
    /// <summary>0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>The PKI to serve with; null makes one that lives as long as the stand-in.</summary>
    public GridCredentials? Credentials { get; init; }
}
