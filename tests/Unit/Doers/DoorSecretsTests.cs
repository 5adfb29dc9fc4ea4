using OpsAgent.Doers.Facility.Doors;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class DoorSecretsTests
{
    [Theory]
    [InlineData("open /a?n=1&authz=Bearer%20eyJ0.abcdef failed", "open /a?…&… failed")]
    [InlineData("Opaque: authz=Bearer%20eyJ0.abcdef&n=1&more=2", "Opaque: …&…&more=2")]
    [InlineData("authz: Bearer%20eyJ0.abcdef", "authz: …")]
    [InlineData("authz: Bearer eyJ0.abcdef", "authz: Bearer …")]
    [InlineData("token 'eyJ0.abcdef' refused, 1 try", "token '…' refused, 1 try")]
    public void What_the_query_holds_is_hidden_however_it_is_written(string line, string shown) =>
        Assert.Equal(shown, DoorSecrets.Hide(Door("root://h//a?n=1&authz=Bearer%20eyJ0.abcdef"), line));

    [Theory]
    [InlineData("root://h//a")]
    [InlineData("root://h//a?")]
    [InlineData("root://h//a?&&=&x")]
    public void A_query_that_holds_nothing_hides_nothing(string url) =>
        Assert.Equal("open x=1 & a failed", DoorSecrets.Hide(Door(url), "open x=1 & a failed"));

    private static Door Door(string url) => new(url, DoorKind.XRootD, "h", null);
}
