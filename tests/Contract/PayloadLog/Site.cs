using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>What the doer meets: a stand-in for Rucio, a real XRootD with GSI and one without. Shared by all tests, one at a time.</summary>
public sealed class Site : IAsyncLifetime
{
    public FacilityStandIn Facility { get; private set; } = null!;

    public XrootdServer Plain { get; private set; } = null!;

    public XrootdServer Gsi { get; private set; } = null!;

    public GridCredentials Credentials => Facility.Credentials;

    public async Task InitializeAsync()
    {
        Facility = await FacilityStandIn.StartAsync();
        if (XrootdServer.Missing is null)
        {
            Plain = await XrootdServer.StartAsync();
            Gsi = await XrootdServer.StartAsync(Credentials);
        }
    }

    public async Task DisposeAsync()
    {
        if (XrootdServer.Missing is null)
        {
            await Plain.DisposeAsync();
            await Gsi.DisposeAsync();
        }

        await Facility.DisposeAsync();
    }
}

[CollectionDefinition(nameof(Site))]
public sealed class SiteGroup : ICollectionFixture<Site>;
