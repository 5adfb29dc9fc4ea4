using System.CommandLine;
using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.OpsCtl;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Documented;

/// <summary>
/// What docs/opsctl.md says of JSON, held against what every command writes: neither may have a name that the other lacks.
/// </summary>
public sealed class JsonShapeTests : IAsyncLifetime
{
    private const string Settled = "/topic/epicprod.ops.settled";

    private readonly DoorFixture _door = new();
    private readonly Dictionary<string, DocShape> _names =
        DocTables.Rows("name", "shape").ToDictionary(static r => r.Key, static r => DocTables.Shapes(r.Value)[0]);

    public async Task InitializeAsync()
    {
        await _door.OpenAsync();
        _door.Work.Counts = new WorkCounts(3, 2, 1, Moments.Start);
        _door.Work.Lanes = [new LaneCounts(new LaneName("fetch"), 4, 3, 2, Moments.Start)];
        _door.Agent.Now = _door.Agent.Now with
        {
            OutboxOldestAt = Moments.Start,
            OutboxSinceDropped = TimeSpan.FromHours(2),
            Credentials = [new("c", "/p", "ok", 9)],
            LastError = new(Moments.Start, "no"),
            Holds = [new(new MsgType("y"), new LaneName("fetch"), HoldCause.Credential, "credential p (it expired)", Moments.Start)],
            Paused = [new PausedType(new MsgType("x"), "alice", 1000, Moments.Start, "PanDA is down")],
            Monitor = new MonitorState { HeartbeatAt = Moments.Start, RecordsOldestAt = Moments.Start },
        };
        await _door.Pauses.PauseAsync(new MsgType("fetch_payload_log"), "alice", 1000, "r", default);
        _door.Reload.Answer = new("/a.toml", true, ["e"], ["x"], ["y"], ["z"], [new("fetch", 4, 6)], ["broker.host"]);
        Directory.CreateDirectory(_door.Logs.Path);
        await File.WriteAllTextAsync(_door.Logs.FileOf(new RequestId("a"), 1), "2026-01-01T00:00:00.000Z out one\n");
        _door.Work.Rows.Add(Full("a", "settled"));
        _door.Work.Rows.Add(Full("b", "queued"));
        _door.Work.Rows.Add(Full("c", "running"));
        _door.Work.Rows.Add(Full("d", "doubt"));
    }

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public void Every_command_has_a_shape_and_every_shape_a_command()
    {
        var commands = Leaves(OpsCtlRun.Tree(), "").Order(StringComparer.Ordinal);

        Assert.Equal(commands, DocTables.Rows("command", "shape").Select(static r => r.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ping", "ping --count 2 --interval 1ms --timeout 30ms")]
    [InlineData("send", "send x")]
    [InlineData("send", "send x --wait")]
    [InlineData("watch", "watch --count 2")]
    [InlineData("capabilities list", "capabilities list")]
    [InlineData("capabilities show", "capabilities show refresh", "capability")]
    [InlineData("capabilities check", "capabilities check bad.toml")]
    [InlineData("status", "status", "status")]
    [InlineData("capability pause", "capability pause fetch_payload_log --reason r")]
    [InlineData("capability resume", "capability resume fetch_payload_log")]
    [InlineData("top", "top")]
    [InlineData("work list", "work list")]
    [InlineData("work show", "work show a", "request")]
    [InlineData("work why", "work why a", "why")]
    [InlineData("work cancel", "work cancel b", "changed")]
    [InlineData("work settle", "work settle b --as ok", "changed")]
    [InlineData("work retry", "work retry b")]
    [InlineData("logs", "logs a")]
    [InlineData("reload", "reload", "reload")]
    [InlineData("shutdown", "shutdown --yes")]
    [InlineData("enqueue", "enqueue x --extra a=1")]
    [InlineData("keys new", "keys new web-2026")]
    [InlineData("keys list", "keys list")]
    [InlineData("guard", "guard --no-liveness --prune-days 30")]
    [InlineData("doctor", "doctor --only broker credentials", "finding")]
    [InlineData("completion", "completion bash")]
    [InlineData("man", "man ping")]
    public async Task A_command_writes_the_shape_that_is_documented(string row, string arguments, string? named = null)
    {
        var shapes = DocTables.Shapes(DocTables.Rows("command", "shape").Single(r => r.Key == row).Value);
        Assert.NotEmpty(shapes);

        var documents = await DocumentsAsync(arguments);

        Assert.NotEmpty(documents);
        foreach (var document in documents)
        {
            var differences = shapes.Select(s => s.Differences(document, _names)).ToArray();
            Assert.True(differences.Any(static d => d.Count == 0), $"{document.GetRawText()}:\n{string.Join('\n', differences.Select(static d => string.Join("; ", d)))}");
        }

        Assert.Empty(shapes.SelectMany(s => s.Unseen()));
        if (named is not null)
        {
            Assert.Empty(_names[named].Unseen());
        }
    }

    [Theory]
    [InlineData("GET /v1/status")]
    [InlineData("GET /v1/work?state=&msg_type=&sender=&limit=")]
    [InlineData("GET /v1/work/{id}")]
    [InlineData("GET /v1/work/{id}/why")]
    [InlineData("POST /v1/work/{id}/cancel")]
    [InlineData("POST /v1/work/{id}/settle?as=")]
    [InlineData("POST /v1/work/{id}/retry")]
    [InlineData("POST /v1/capabilities/{type}/pause?reason=")]
    [InlineData("POST /v1/capabilities/{type}/resume")]
    [InlineData("GET /v1/work/{id}/logs?attempt=&offset=")]
    [InlineData("POST /v1/reload")]
    [InlineData("GET /v1/config")]
    public async Task The_door_answers_with_the_shape_that_is_documented(string route)
    {
        _door.Agent.Configuration = [new("broker.host", "localhost", "default")];
        var shape = DocTables.Shapes(DocTables.Rows("route", "answer").Single(r => r.Key == route).Value)[0];
        var path = route.Split(' ')[1].Split('?')[0].Replace("{id}", "b", StringComparison.Ordinal)
            .Replace("{type}", "fetch_payload_log", StringComparison.Ordinal);
        path += path.EndsWith("/settle", StringComparison.Ordinal) ? "?as=ok" : "";

        var (_, answer) = await _door.SendAsync(new HttpMethod(route.Split(' ')[0]), path);

        Assert.Empty(shape.Differences(answer, _names));
        Assert.Empty(shape.Unseen());
    }

    [Fact]
    public void Every_exit_code_is_documented() => Assert.Equal(
        ExitCode.All.Select(static e => $"{e.Code}"), DocTables.Rows("code", "meaning").Select(static r => r.Key));

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.Where(static c => !c.Hidden).SelectMany(c => Leaves(c, $"{path} {c.Name}".Trim()));

    private static WorkRow Full(string id, string state) => Moments.Row(id, state) with
    {
        DeliveryId = "d",
        RequestedBy = "alice",
        Sender = "key web-2026",
        SentAt = Moments.Start,
        StartedAt = Moments.Start,
        SettledAt = Moments.Start,
        Attempts = 1,
        NotBefore = Moments.Start,
        Pid = 7,
        Program = "/bin/x",
        ProgramHash = "ab",
        Outcome = Outcome.Error,
        Reason = "no",
        ExitCode = 1,
        DurationMs = 5,
        Survivors = 0,
        DuplicateOf = "r0",
        RetryOf = "r1",
        DoubtAt = Moments.Start,
        Looks = 2,
        LookedAt = Moments.Start,
        Looked = "not found",
        Body = "{}",
    };

    private async Task<IReadOnlyList<JsonElement>> DocumentsAsync(string arguments)
    {
        var run = new OpsCtlRun();
        run.Environment["OPSAGENT_STATE_DIR"] = _door.Folder.FullName;
        run.Environment["PANDA_CONFIG_ROOT"] = _door.Folder.FullName;
        Write(".token", "a.eyJleHAiOjE3MDAwMDAwMDB9.b");
        File.SetUnixFileMode(Path.Combine(_door.Folder.FullName, ".token"), UnixFileMode.UserRead);
        run.Environment["OPSAGENT_CONFIG"] = Write("good.toml", """
            [lane.fetch]
            slots = 2
            [credential.proxy]
            env = "X509_USER_PROXY"
            [capability.refresh]
            description = "refresh something"
            doer = ["refresh", "--name={name}"]
            timeout = "90s"
            max_age = "1h"
            dedup_key = "refresh:{name}"
            lane = "fetch"
            recovery = "rerun"
            senders = ["user:webtier"]
            credentials = ["proxy"]
            [capability.refresh.fields]
            name = { type = "text", max = 20, default = "all" }
            [[capability.refresh.on.ok]]
            msg_type = "refreshed"
            [capability.x]
            description = "x"
            doer = ["x"]
            timeout = "1s"
            lane = "fetch"
            recovery = "rerun"
            """);
        run.Environment["OPSAGENT_KEYS_DIR"] = Directory.CreateDirectory(Path.Combine(_door.Folder.FullName, "keys")).FullName;
        Write("keys/open.key", "no key");
        run.Environment["SWF_TMP_DIR"] = _door.Folder.FullName;
        run.Environment["EPICPROD_GUARD_MEMORY"] = Path.Combine(_door.Folder.FullName, "memory.json");
        Write("bad.toml", "[capability.x]\ndoer = 5\n");
        var pings = 0;
        run.Bus.OnSent = (bus, body) =>
        {
            if (body.TryGetProperty("reply_to", out var replyTo) && ++pings == 1)
            {
                bus.Deliver(replyTo.GetString()!, """{"msg_type":"pong"}""");
            }

            bus.Deliver(bus.Sent[^1].Destination, "{}");
            bus.Deliver(Settled, """{"msg_type":"ops_request_settled","request_id":"r1","outcome":"ok"}""");
        };
        var words = arguments.Split(' ').Select(w => w.EndsWith(".toml", StringComparison.Ordinal) ? Path.Combine(_door.Folder.FullName, w) : w);
        string[] id = arguments.StartsWith("send", StringComparison.Ordinal) ? ["--request-id", "r1"] : [];

        var running = run.RunAsync([.. words, .. id, "-o", "json"]);
        if (arguments.StartsWith("watch", StringComparison.Ordinal))
        {
            await Eventually.HoldsAsync(() => run.Bus.Subscriptions == 2, "both topics are subscribed");
            run.Bus.Deliver(Settled, "{}");
            run.Bus.Deliver(Settled, "no JSON");
        }

        await running.WaitAsync(Eventually.Limit);
        Assert.Equal("", run.Error);
        return [.. run.Lines.Select(static l => JsonDocument.Parse(l).RootElement)];
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_door.Folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
