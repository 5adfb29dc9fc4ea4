using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

[Collection(nameof(Broker))]
public sealed class RequestTests(Broker broker) : IAsyncLifetime
{
    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        _scene = await Scene.SetAsync(broker, Manifests.Small);
        await _scene.Agent.StartAsync();
    }

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_request_runs_its_doer_and_is_told_of_on_both_topics()
    {
        await _scene.SendAsync("""{"msg_type":"note","namespace":"prodops","n":"41","request_id":"r-41","created_by":"somebody"}""");

        var settled = await _scene.SettlesAsync("r-41");
        Assert.Equal(("ops_request_settled", "note", "ok", "somebody"), (settled["msg_type"], settled["request_type"], settled["outcome"], settled["requested_by"]));
        var noted = await _scene.Listener.ReceivesAsync(m => m["msg_type"] == "noted", "the event");
        Assert.Equal(_scene.EventTopic, noted.Destination);
        Assert.Equal(("41", "r-41", "prodops"), (noted["n"], noted["request_id"], noted["namespace"]));
        Assert.StartsWith("prodops-agent-", noted["sender"], StringComparison.Ordinal);
        Assert.NotEmpty(noted["event_id"]);
        Assert.Equal("true", noted.Headers["persistent"]);
        Assert.Equal("41", (await File.ReadAllTextAsync(Path.Combine(_scene.Agent.CacheFolder, "notes"))).Trim());
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Present_senders_are_understood_whatever_form_they_use()
    {
        await _scene.SendAsync("""{"msg_type":"note","n":1,"request_id":"as-number"}""", """{"msg_type":"note","n":"2","namespace":"","request_id":"empty-namespace"}""");
        await _scene.SendWithLengthAsync("""{"msg_type":"note","n":"3","namespace":null,"request_id":"with-length"}""");

        foreach (var id in (string[])["as-number", "empty-namespace", "with-length"])
        {
            Assert.Equal("ok", (await _scene.SettlesAsync(id))["outcome"]);
        }
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Bad_input_is_settled_as_rejected_and_the_agent_is_unmoved()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60));
        await _scene.SendAsync(
            """{"msg_type":"note","request_id":"no-n"}""",
            """{"msg_type":"note","n":1.0,"request_id":"ill-typed"}""",
            """{"msg_type":"note","n":true,"request_id":"a-flag"}""",
            """{"msg_type":"note","n":"-rf","request_id":"an-option"}""",
            """{"msg_type":"note","n":1e400,"request_id":"huge-number"}""",
            """{"msg_type":"nobody_knows","request_id":"unknown-type"}""",
            """{"msg_type":"health_ping","request_id":"no-reply-to"}""",
            $$"""{"msg_type":"health_ping","reply_to":"{{_scene.Queue}}","request_id":"a-loop"}""",
            "not json at all",
            $$"""{"msg_type":"note","n":"1","deep":{{deep}}}""",
            $$"""{"msg_type":"note","n":"1","pad":"{{new string('x', 300_000)}}"}""",
            $$"""{"msg_type":"note","n":"1","pad":"{{new string('x', 5_000_000)}}"}""");

        foreach (var id in (string[])["no-n", "ill-typed", "a-flag", "an-option", "huge-number", "unknown-type", "no-reply-to", "a-loop"])
        {
            var settled = await _scene.SettlesAsync(id);
            Assert.Equal("rejected", settled["outcome"]);
            Assert.NotEmpty(settled["reason"]);
        }

        foreach (var reason in (string[])["the body is not JSON", "the body is nested deeper than 32", "the body has more than"])
        {
            await _scene.Listener.ReceivesAsync(m => m["reason"].StartsWith(reason, StringComparison.Ordinal), reason);
        }

        Assert.Equal("READY", (await _scene.PingAsync())["state"]);
        Assert.False(File.Exists(Path.Combine(_scene.Agent.CacheFolder, "notes")));
        Assert.False(_scene.Agent.Process.HasExited);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_refused_request_whose_subject_is_known_has_its_own_event_too()
    {
        await _scene.SendAsync($$"""{"msg_type":"note","n":"7","label":"{{new string('x', 50)}}","request_id":"long-label"}""");

        Assert.Equal("rejected", (await _scene.SettlesAsync("long-label"))["outcome"]);
        var told = await _scene.Listener.ReceivesAsync(m => m["msg_type"] == "not_noted", "the event of the refusal");
        Assert.Equal("7", told["n"]);
        Assert.StartsWith("not run: ", told["reason"], StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_foreign_namespace_is_dropped_without_a_word()
    {
        await _scene.SendAsync("""{"msg_type":"note","n":"1","namespace":"elsewhere","request_id":"foreign"}""", """{"msg_type":"note","n":"2","request_id":"ours"}""");

        await _scene.SettlesAsync("ours");
        Assert.DoesNotContain(_scene.Listener.Messages, m => m["request_id"] == "foreign");
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task The_same_request_again_is_skipped_and_one_with_another_body_is_rejected()
    {
        const string Body = """{"msg_type":"note","n":"5","request_id":"once"}""";
        await _scene.SendAsync(Body);
        await _scene.SettlesAsync("once");
        await _scene.SendAsync(Body, """{"msg_type":"note","n":"6","request_id":"once"}""");

        await Eventually.HoldsAsync(() => _scene.Settlements.Count(m => m["request_id"] == "once") == 3, "three settlements");
        Assert.Equal(["ok", "skipped", "rejected"], _scene.Settlements.Select(m => m["outcome"]));
        Assert.Equal("once", _scene.Settlements[1]["duplicate_of"]);
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_scene.Agent.CacheFolder, "notes")));
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task The_same_work_while_it_runs_is_skipped_and_free_again_once_it_has_ended()
    {
        await _scene.SendAsync("""{"msg_type":"wait_for","key":"1","request_id":"first"}""", """{"msg_type":"wait_for","key":"1","request_id":"second"}""");
        Assert.Equal("first", (await _scene.SettlesAsync("second"))["duplicate_of"]);

        await File.WriteAllTextAsync(Path.Combine(_scene.Agent.CacheFolder, "go"), "");
        await _scene.SettlesAsync("first");
        await _scene.SendAsync("""{"msg_type":"wait_for","key":"1","request_id":"third"}""");

        Assert.Equal("ok", (await _scene.SettlesAsync("third"))["outcome"]);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_ping_is_answered_while_every_slot_is_taken()
    {
        await _scene.SendAsync([.. Enumerable.Range(0, 20).Select(i => $$"""{"msg_type":"wait_for","key":"{{i}}"}""")]);
        // The slow lane has one slot; the others wait behind it.
        await Eventually.HoldsAsync(() => _scene.PingAsync().GetAwaiter().GetResult()["queued"] == "19", "the slot is taken");

        var pong = await _scene.PingAsync();

        Assert.Equal("1", pong["running"]);
        Assert.Equal("PROCESSING", pong["state"]);
        Assert.Equal(_scene.Agent.Process.Pid.ToString(), pong["pid"]);
    }
}
