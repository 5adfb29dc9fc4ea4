using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Agent.Dispatch;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>What docs/wire.md says of messages is what the agent makes and takes.</summary>
public sealed class WirePageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/wire.md");

    [Fact]
    public void Every_member_of_a_settlement_is_described()
    {
        var composer = new EventComposer(Options.Create(new EventsOptions()), NullLogger<EventComposer>.Instance);
        var whole = new Settlement
        {
            RequestId = "r", RequestType = "t", Outcome = Outcome.Timeout, DuplicateOf = "d", RetryOf = "o", Survivors = 0, RequestedBy = "w", Suppressed = 3,
        };

        Assert.Equal(Members(composer.Compose(whole, 1)!.Body), Page.Section("Settlements").FirstCells().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_member_of_a_pong_is_described()
    {
        var identity = new AgentIdentity("a", "prodops", 1, "0", DateTimeOffset.UnixEpoch, 0);
        var pauses = new Mock<IPauses>();
        pauses.Setup(p => p.All).Returns([new PausedType(new MsgType("t"), "a", 1, DateTimeOffset.UnixEpoch, "")]);
        var work = Mock.Of<IWorkView>(w => w.Counts == default(WorkCounts));
        var holds = new HoldTable();
        holds.Set(new HeldType(new MsgType("h"), new LaneName("l"), HoldCause.Credential, "", DateTimeOffset.UnixEpoch));
        var ping = new HealthPing(identity, work, new OperationalState(), new ReplyDestinations([]), pauses.Object, new FakeTime(), holds);
        var message = new OpsMessage
        {
            MsgType = ping.MsgType,
            RequestId = new RequestId("r"),
            Body = JsonElement.Parse("""{"reply_to":"/queue/x"}"""),
            ReceivedAt = Deliveries.Now,
        };

        var pong = Assert.Single(Assert.IsType<Verdict.Answered>(ping.Handle(message)).Replies).Body;

        Assert.Equal(Members(pong.ToArray()), Page.Section("health_ping").FirstCells().Append("msg_type").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_outcome_is_described() => Assert.Equal(OutcomeNames.All, Page.Section("Settlements").FirstCells(1));

    private static IEnumerable<string> Members(byte[] body) => JsonElement.Parse(body).EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal);
}
