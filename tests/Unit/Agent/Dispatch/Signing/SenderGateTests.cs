using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Signing;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch.Signing;

public sealed class SenderGateTests
{
    private const string Body = """{"msg_type":"work","requested_by":"webtier","sender":"key:web"}""";

    private static readonly SigningKey Web = SignedFrame.Key("web");
    private static readonly SigningKey Cron = SignedFrame.Key("cron", 2);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, SigningKey> _keys = new() { ["web"] = Web, ["cron"] = Cron };
    private SenderRule _rule = SenderRule.Open;

    [Fact]
    public void Without_a_rule_everybody_may_ask_and_a_right_signature_is_noted()
    {
        Assert.Null(Admitted(SignedFrame.Of(Body)).Signature);
        Assert.Equal("web", Admitted(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body))).Signature!.KeyId);
    }

    [Fact]
    public void Without_keys_the_headers_are_not_looked_at() =>
        Assert.Null(Admitted(SignedFrame.Of(Body, [new("ops-key", "x")]), keysAreOn: false).Signature);

    [Fact]
    public void A_key_that_is_only_named_is_nobodys_signature()
    {
        _rule = new SenderRule(["key:web"], false);
        var signed = SignedFrame.Of(Body, SignedFrame.Sign(Web, Body));

        Assert.False(Gate(keysAreOn: false).Admits(signed, Message(signed), out _, out _));
        Assert.Equal("this sender may not ask for work", Refused(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body), dropped: true)));
    }

    [Fact]
    public void A_wrong_signature_is_refused_also_where_none_is_needed()
    {
        Assert.EndsWith("is missing", Refused(SignedFrame.Of(Body, [new("ops-key", "web")])), StringComparison.Ordinal);
        Assert.Contains("is not right", Refused(SignedFrame.Of(Body + " ", SignedFrame.Sign(Web, Body))), StringComparison.Ordinal);
        Assert.Contains("is not right", Refused(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body, queue: "/queue/other"))), StringComparison.Ordinal);
        Assert.Contains("no key of this agent's", Refused(SignedFrame.Of(Body, SignedFrame.Sign(SignedFrame.Key("else"), Body))), StringComparison.Ordinal);
        Assert.Contains("is not right", Refused(SignedFrame.Of(Body, SignedFrame.Sign(SignedFrame.Key("web", 9), Body))), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_who_is_listed_may_ask_and_what_the_body_says_never_counts()
    {
        _rule = new SenderRule(["user:webtier", "key:web"], false);

        Assert.Equal("this sender may not ask for work", Refused(SignedFrame.Of(Body)));
        Assert.Equal("this sender may not ask for work", Refused(SignedFrame.Of(Body, user: "key:web")));
        Assert.Equal("this sender may not ask for work", Refused(SignedFrame.Of(Body, user: "Webtier")));
        Assert.Equal("this sender may not ask for work", Refused(SignedFrame.Of(Body, SignedFrame.Sign(Cron, Body), user: "other")));
        Admitted(SignedFrame.Of(Body, user: "webtier"));
        Admitted(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body)));
        Admitted(SignedFrame.Of(Body, SignedFrame.Sign(Cron, Body), user: "webtier"));
    }

    [Fact]
    public void Where_a_signature_is_needed_the_user_alone_is_not_enough()
    {
        _rule = new SenderRule(["user:webtier"], true);

        Assert.Equal("work needs a signature", Refused(SignedFrame.Of(Body, user: "webtier")));
        Assert.Equal("this sender may not ask for work", Refused(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body))));
        Admitted(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body), user: "webtier"));
        _rule = new SenderRule(null, true);
        Assert.Equal("work needs a signature", Refused(SignedFrame.Of(Body)));
        Admitted(SignedFrame.Of(Body, SignedFrame.Sign(Cron, Body)));
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void The_window_is_between_signing_and_the_brokers_timestamp_however_long_it_waited_since(int late, bool admitted)
    {
        var sentAt = SignedFrame.Now.AddHours(-20);
        var delivery = SignedFrame.Of(Body, SignedFrame.Sign(Web, Body, sentAt.AddSeconds(-late)), sentAt);

        Assert.Equal(admitted, Gate().Admits(delivery, Message(delivery), out _, out var reason));
        Assert.Equal(admitted ? "" : $"it was signed {late} s before it was sent: at most 300 s", reason);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void Without_a_timestamp_our_clock_counts(int late, bool admitted)
    {
        var delivery = SignedFrame.Of(Body, SignedFrame.Sign(Web, Body, SignedFrame.Now.AddSeconds(-late)));

        Assert.Equal(admitted, Gate().Admits(delivery, Message(delivery), out _, out _));
    }

    [Fact]
    public void A_timestamp_of_the_senders_making_does_not_make_an_old_signature_good()
    {
        var old = SignedFrame.Now.AddDays(-7);
        Assert.Contains("too long ago", Refused(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body, old), sentAt: old)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_that_lost_headers_is_taken_for_unsigned()
    {
        _rule = new SenderRule(null, true);
        Assert.Equal("work needs a signature", Refused(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body), dropped: true)));
    }

    [Fact]
    public void A_ping_is_never_asked_who_sent_it()
    {
        _rule = new SenderRule(["user:nobody"], true);
        const string ping = """{"msg_type":"health_ping"}""";

        Assert.Null(Admitted(SignedFrame.Of(ping, [new("ops-key", "x"), new("ops-key", "y")])).Signature);
    }

    [Fact]
    public void Of_two_keys_both_are_good_and_one_that_is_taken_away_is_not()
    {
        Admitted(SignedFrame.Of(Body, SignedFrame.Sign(Cron, Body)));
        _keys.Remove("cron");

        Refused(SignedFrame.Of(Body, SignedFrame.Sign(Cron, Body)));
        Admitted(SignedFrame.Of(Body, SignedFrame.Sign(Web, Body)));
    }

    private OpsMessage Admitted(Delivery delivery, bool keysAreOn = true)
    {
        Assert.True(Gate(keysAreOn).Admits(delivery, Message(delivery), out var admitted, out var reason), reason);
        Assert.Empty(reason);
        return admitted;
    }

    private string Refused(Delivery delivery)
    {
        Assert.False(Gate().Admits(delivery, Message(delivery), out _, out var reason));
        Assert.True(reason.Length is > 0 and <= 300);
        return reason;
    }

    private SenderGate Gate(bool keysAreOn = true) =>
        new(new Rules(this), new Keys(this, keysAreOn), new SenderGateOptions(SignedFrame.Queue, Window));

    private static OpsMessage Message(Delivery delivery) =>
        Assert.IsType<EnvelopeReading.Request>(new Envelope("prodops").Read(delivery)).Message;

    private sealed class Rules(SenderGateTests test) : ISenderRules
    {
        public SenderRule Of(MsgType type) => test._rule;
    }

    private sealed class Keys(SenderGateTests test, bool areOn) : ISigningKeys
    {
        public bool AreOn => areOn;

        public Task Known => Task.CompletedTask;

        public SigningKey? Find(string id) => test._keys.GetValueOrDefault(id);
    }
}
