using System.Text;
using OpsAgent.Agent.Bus;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class PingsTests
{
    [Theory]
    [InlineData("""{"msg_type":"health_ping","reply_to":"/temp-queue/a"}""", true)]
    [InlineData("""{ "reply_to": "/temp-queue/a", "msg_type" : "health_ping" }""", true)]
    [InlineData("""{"msg_type":"fetch_payload_log","pandaid":1}""", false)]
    [InlineData("""{"msg_type":"fetch_payload_log","requested_by":"health_pinger"}""", false)]
    [InlineData("""{"msg_type":"health\u005fping"}""", false)]
    [InlineData("", false)]
    public void What_names_a_ping_in_a_short_body_may_be_one(string body, bool expected) =>
        Assert.Equal(expected, Pings.MayBeOne(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_long_body_is_none() => Assert.False(Pings.MayBeOne(Encoding.UTF8.GetBytes("""{"msg_type":"health_ping"}""" + new string(' ', 5_000))));
}
