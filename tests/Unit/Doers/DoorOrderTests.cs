using OpsAgent.Doers.Facility.Doors;
using OpsAgent.Doers.Facility.Rucio;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class DoorOrderTests
{
    [Fact]
    public void Available_comes_first_then_xrootd_then_rucios_priority()
    {
        var doors = DoorOrder.Of(
        [
            Replica("https://h/4", priority: 1),
            Replica("root://h//5", "TEMPORARY_UNAVAILABLE"),
            Replica("root://h//2", priority: 2),
            Replica("davs://h/3", priority: 0),
            Replica("root://h//1", priority: 1),
            Replica("root://h//bad", "BAD"),
        ]);

        Assert.Equal(["root://h//1", "root://h//2", "https://h/3", "https://h/4", "root://h//5"], doors.Select(d => d.Url));
    }

    [Fact]
    public void An_endless_pfn_is_no_door() => Assert.Empty(DoorOrder.Of([Replica("root://h//" + new string('a', 5000))]));

    [Fact]
    public void A_door_is_tried_once_however_often_it_is_listed()
    {
        var doors = DoorOrder.Of([Replica("davs://h/x"), Replica("https://h/x"), Replica("DAVS://h/x")]);

        Assert.Single(doors);
    }

    [Theory]
    [InlineData("root://xrd.bnl.gov:1094//eic/a?authz=Bearer%20x&b=1", "root://xrd.bnl.gov:1094//eic/a?authz=Bearer%20x&b=1", DoorKind.XRootD)]
    [InlineData("roots://h//a", "roots://h//a", DoorKind.XRootD)]
    [InlineData("ROOT://h//a", "root://h//a", DoorKind.XRootD)]
    [InlineData("davs://h:443/a", "https://h:443/a", DoorKind.Https)]
    [InlineData("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a", DoorKind.Https)]
    public void A_pfn_keeps_its_path_and_query(string pfn, string url, DoorKind kind)
    {
        var door = Door.Of(Replica(pfn));

        Assert.Equal((url, kind), (door?.Url, door?.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-f")]
    [InlineData("--help")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://h/a")]
    [InlineData("gsiftp://h/a")]
    [InlineData("srm://h/a")]
    [InlineData("root:///a")]
    [InlineData("root://-h//a")]
    [InlineData("root://h")]
    [InlineData("root://user@h//a")]
    [InlineData("root://user:secret@h//a")]
    [InlineData("root://h:99999//a")]
    [InlineData("root://h:0//a")]
    [InlineData("root://h//a b")]
    [InlineData("root://h//a\n--force")]
    [InlineData("root://h//a\u001b[2J")]
    [InlineData("root://h//a#b")]
    [InlineData("root://h//ä")]
    [InlineData("root://h$(id)//a")]
    public void What_is_no_sane_door_is_none(string pfn) => Assert.Null(Door.Of(Replica(pfn)));

    [Fact]
    public void Why_there_is_none_names_the_states()
    {
        Assert.Equal(
            "none of its 2 replicas can be read: RSE BAD, RSE COPYING",
            DoorOrder.WhyNone([Replica("root://h//a", "BAD"), Replica("root://h//b", "COPYING")]));
    }

    [Fact]
    public void Why_there_is_none_shows_no_secret_of_a_url()
    {
        Assert.Equal(
            "none of its 2 replicas can be read: gsiftp://h/a, root://h//b",
            DoorOrder.WhyNone(
            [
                new Replica("gsiftp://h/a?authz=secret", "", "", 1, null),
                new Replica("root://user:secret@h//b", "", "", 1, null),
            ]));
    }

    private static Replica Replica(string pfn, string state = "AVAILABLE", int priority = 1) => new(pfn, "RSE", state, priority, null);
}
