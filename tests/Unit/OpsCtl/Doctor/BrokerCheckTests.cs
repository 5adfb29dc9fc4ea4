using System.Text.Json;
using OpsAgent.OpsCtl;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class BrokerCheckTests
{
    private readonly OpsCtlRun _run = new();
    private bool _echoes = true;
    private bool _answers = true;

    public BrokerCheckTests()
    {
        _run.Environment["ACTIVEMQ_USER"] = "prodops";
        _run.Environment["ACTIVEMQ_PASSWORD"] = "hidden-password";
        _run.Bus.OnSent = (bus, body) =>
        {
            if (body.GetProperty("msg_type").GetString() == "doctor_echo" && _echoes)
            {
                bus.Deliver(bus.Sent[^1].Destination, "{}");
            }
            else if (body.TryGetProperty("reply_to", out var replyTo) && _answers)
            {
                bus.Deliver(replyTo.GetString()!, """{"msg_type":"pong","agent":"prodops-agent-x-7"}""");
            }
        };
    }

    [Fact]
    public async Task A_broker_and_an_agent_that_answer_are_well_and_shutdown_is_told()
    {
        var found = await LookAsync(0);

        Assert.Equal("ok", StateOf(found, "connection"));
        Assert.Equal("ok", StateOf(found, "round trip"));
        Assert.Contains("prodops-agent-x-7", LineOf(found, "agent"), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-password", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_messages_expire_and_its_queues_are_its_own()
    {
        await LookAsync(0);

        Assert.All(_run.Bus.Sent, static s => Assert.NotNull(s.Lifetime));
        Assert.Contains(".doctor.ops01.", _run.Bus.Sent[0].Destination, StringComparison.Ordinal);
        Assert.Equal("/queue/epicprod.ops", _run.Bus.Sent[1].Destination);
        Assert.Equal(0, _run.Bus.Subscriptions);
        Assert.True(_run.Bus.Disposed);
    }

    [Fact]
    public async Task Without_an_agent_it_is_a_warning()
    {
        _answers = false;

        var found = await LookAsync(0);

        Assert.Equal("warning", StateOf(found, "agent"));
    }

    [Fact]
    public async Task A_message_that_does_not_come_back_is_a_failure_and_the_agent_is_not_asked()
    {
        _echoes = false;

        var found = await LookAsync(1);

        Assert.Equal("failed", StateOf(found, "round trip"));
        Assert.Single(_run.Bus.Sent);
    }

    [Fact]
    public async Task A_broker_that_can_not_be_reached_is_told_with_its_own_advice()
    {
        _run.Bus.ConnectFails = new OpsCtlException(69, "the broker at h:1 can't be reached: nothing listens", "check that it runs");

        var found = await LookAsync(1);

        Assert.Equal("the broker at h:1 can't be reached: nothing listens", LineOf(found, "connection"));
        Assert.Equal("check that it runs", Find(found, "connection").GetProperty("suggestion").GetString());
    }

    [Fact]
    public async Task The_default_login_and_plain_text_to_elsewhere_are_warnings()
    {
        _run.Environment["ACTIVEMQ_USER"] = _run.Environment["ACTIVEMQ_PASSWORD"] = "admin";
        _run.Environment["ACTIVEMQ_HOST"] = _run.Environment["OPSAGENT_ALLOW_PLAINTEXT"] = "broker.example.org";

        var found = await LookAsync(0);

        Assert.Equal("warning", StateOf(found, "login"));
        Assert.Equal("warning", StateOf(found, "plaintext"));
    }

    [Fact]
    public async Task Settings_that_make_no_sense_are_a_failure_of_this_check_alone()
    {
        _run.Environment["ACTIVEMQ_PORT"] = "x";

        var found = await LookAsync(1);

        Assert.Contains("ACTIVEMQ_PORT", LineOf(found, "settings"), StringComparison.Ordinal);
    }

    private static JsonElement Find(JsonElement found, string subject) =>
        found.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("subject").GetString() == subject);

    private static string? StateOf(JsonElement found, string subject) => Find(found, subject).GetProperty("state").GetString();

    private static string LineOf(JsonElement found, string subject) => Find(found, subject).GetProperty("line").GetString()!;

    private async Task<JsonElement> LookAsync(int exitCode)
    {
        var time = new FakeTime();
        _run.Time = time;
        var running = _run.RunAsync("doctor", "--only", "broker", "-o", "json");
        await Eventually.HoldsAsync(
            () =>
            {
                // Beside the check's own limit: it waits for an answer.
                if (time.ArmedTimers > 1 && !(_answers && _echoes))
                {
                    time.Advance(TimeSpan.FromSeconds(6));
                }

                return running.IsCompleted;
            },
            "it is done");
        Assert.Equal(exitCode, await running);
        return _run.Json;
    }
}
