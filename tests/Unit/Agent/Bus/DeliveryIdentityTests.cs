using OpsAgent.Agent.Bus;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class DeliveryIdentityTests
{
    [Fact]
    public void Classic_keeps_the_whole_message_id()
    {
        Assert.Equal("ID:host-1-2:3:-1:1:4", DeliveryIdentity.Derive("ID:host-1-2:3:-1:1:4", "1700000000000")?.Value);
    }

    [Fact]
    public void Artemis_forgets_the_half_that_changes_with_every_subscription()
    {
        var first = DeliveryIdentity.Derive("12,4711", "1700000000000");
        var again = DeliveryIdentity.Derive("99,4711", "1700000000000");
        Assert.NotNull(first);
        Assert.Equal(first, again);
    }

    [Fact]
    public void Artemis_messages_of_a_rebuilt_store_differ_by_their_timestamp()
    {
        Assert.NotEqual(DeliveryIdentity.Derive("1,7", "1700000000000"), DeliveryIdentity.Derive("1,7", "1700000000001"));
    }

    [Fact]
    public void The_embedded_broker_s_uuid_is_the_identity()
    {
        var id = Guid.NewGuid().ToString("D");
        Assert.Equal(id, DeliveryIdentity.Derive(id, null)?.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("T_1@@session-abc@@7")]
    [InlineData("12,")]
    [InlineData(",12")]
    [InlineData("1,2,3")]
    [InlineData("a,1")]
    public void Other_forms_have_no_identity(string? messageId)
    {
        Assert.Null(DeliveryIdentity.Derive(messageId, "1700000000000"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("soon")]
    public void Artemis_without_a_timestamp_that_is_a_time_has_no_identity(string? timestamp)
    {
        Assert.Null(DeliveryIdentity.Derive("1,2", timestamp));
    }

    [Fact]
    public void An_overlong_message_id_is_no_identity()
    {
        Assert.Null(DeliveryIdentity.Derive("ID:" + new string('x', 300), "1700000000000"));
    }
}
