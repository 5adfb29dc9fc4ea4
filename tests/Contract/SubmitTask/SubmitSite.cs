using OpsAgent.Tests.Facility.Hosting;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>The facility's services, shared by all tests of the doer; each test has tasks of its own.</summary>
public sealed class SubmitSite : IAsyncLifetime
{
    public FacilityStandIn Facility { get; private set; } = null!;

    public async Task InitializeAsync() => Facility = await FacilityStandIn.StartAsync();

    public async Task DisposeAsync() => await Facility.DisposeAsync();
}

[CollectionDefinition(nameof(SubmitSite))]
public sealed class SubmitSiteGroup : ICollectionFixture<SubmitSite>;
