using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class ClaimedSenderTests
{
    [Theory]
    [InlineData("ops", "wenaus", "login ops")]
    [InlineData(null, "wenaus", "label wenaus")]
    [InlineData("", "", "nobody named")]
    [InlineData(null, null, "nobody named")]
    public void The_brokers_word_goes_before_the_messages(string? login, string? label, string sender) =>
        Assert.Equal(sender, new ClaimedSender().Of(Message(login, label)));

    [Fact]
    public void The_key_of_a_signature_goes_before_both() => Assert.Equal(
        "key web", new ClaimedSender().Of(Message("ops", "wenaus") with { Signature = new MessageSignature("web", "n", default) }));

    [Fact]
    public void A_label_can_not_pass_for_a_login() => Assert.NotEqual(
        new ClaimedSender().Of(Message(null, "login ops")), new ClaimedSender().Of(Message("ops", null)));

    private static OpsMessage Message(string? login, string? label) => new()
    {
        MsgType = new MsgType("x"),
        RequestId = RequestId.New(),
        Body = JsonElement.Parse("{}"),
        ReceivedAt = DateTimeOffset.UnixEpoch,
        RequestedBy = label,
        BrokerUser = login,
    };
}
