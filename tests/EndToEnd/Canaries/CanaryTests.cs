using System.Text;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>
/// A marked value in every credential; the shipped types, and doers that tell all they know, run well and badly; then everything that
/// the agent has written, sent, shown or started is searched. A mark that is no secret goes the same ways and is found in each place; in
/// which forms something is found is <see cref="PlantedTests"/>' matter.
/// </summary>
[Collection(nameof(Broker))]
public sealed class CanaryTests(Broker broker)
{
    private const string MonitorToken = "canary-monitor+7f3a/91";
    private const string PcsToken = "canary-pcs+51c0/2bd4";
    private const string RucioPassword = "canary-rucio\"%4e/77";
    private const string LogFile = "agent.log";
    private const string Mark = "739164028517493620";

    private static readonly string[] Places = ["argv", "cache", "door", "environment", "events", "ledger", "log", "monitor", "run logs"];

    [ServerFact("activemq", "python3-stomp")]
    public async Task No_credential_is_in_anything_that_the_agent_writes_sends_shows_or_starts()
    {
        await using var production = await Production.StartAsync();
        var panda = Tokens(production);
        production.Facility.Monitor.Token = MonitorToken;
        production.Facility.Pcs.Token = PcsToken;
        production.Facility.Outputs.Password = RucioPassword;
        var environment = production.Environment;
        environment["SWF_API_TOKEN"] = MonitorToken;
        environment["JLAB_RUCIO_PASSWORD"] = RucioPassword;
        using var keys = new TemporaryFolder();
        environment["OPSAGENT_KEYS_DIR"] = keys.At("keys");
        await using var scene = await Scene.SetAsync(
            broker, folder => LeakyManifest.Of(folder, ActiveMqBroker.Passcode, production.Panda.TokenPath), environment, settings: ["log.level=TRACE"]);
        var made = await scene.Agent.OpsCtlAsync("keys", "new", "canary");
        Assert.True(made.ExitCode == 0, made.Output);
        await scene.Agent.StartAsync();
        Evidence evidence;
        await using (var samples = new ProcessSamples(scene.Agent.Process.Pid))
        {
            await RunAllAsync(scene, production);
            evidence = await ShownAsync(scene);
            evidence.AddProcesses(samples);
            AssertSeen(samples);
        }

        await scene.SendAsync("""{"msg_type":"shutdown","namespace":"prodops","sender":"operator"}""");
        Assert.Equal(100, await scene.Agent.Process.ExitAsync());
        Collect(evidence, scene, production);

        List<Canary> canaries =
        [
            .. Canaries(production, panda),
            new Canary("signing key", (await File.ReadAllTextAsync(keys.At("keys", "canary.key"))).Trim()),
        ];
        Assert.True(canaries.Count > 8, "there were fewer credentials than planned");
        Assert.Equal(Places, evidence.PlacesOf(new Canary("mark", Mark)).Order(StringComparer.Ordinal));
        var hits = evidence.Hits(canaries).Distinct().ToList();
        Assert.True(hits.Count == 0, string.Join('\n', hits));
        AssertNoCore(scene);
        Assert.Contains("[redacted]", scene.Agent.Process.Output, StringComparison.Ordinal);
    }

    private static List<Canary> Canaries(Production production, (string Id, string Refresh) panda)
    {
        // The modulus, which fills the first quarter of an RSA key, is in the certificate too; what comes after it is the secret.
        var lines = File.ReadAllText(production.Facility.Credentials.ProxyPath).Split('\n')
            .SkipWhile(static l => !l.Contains("BEGIN", StringComparison.Ordinal) || !l.Contains("PRIVATE KEY", StringComparison.Ordinal))
            .TakeWhile(static l => !l.StartsWith("-----END", StringComparison.Ordinal)).ToList();
        var key = lines[lines.Count / 2];
        string[] agent = ["opsagent"];
        return
        [
            new Canary("broker passcode", ActiveMqBroker.Passcode, agent),
            new Canary("monitor token", MonitorToken, [.. agent, .. LeakyManifest.Programs]),
            new Canary("PCS token", PcsToken, [.. agent, "submit-task", "rucio-snapshot", .. LeakyManifest.Programs]),
            new Canary("Rucio password", RucioPassword, [.. agent, "rucio-snapshot", .. LeakyManifest.Programs]),
            new Canary("proxy key", key),
            new Canary("PanDA id token", panda.Id),
            new Canary("PanDA refresh token", panda.Refresh),
            .. production.Facility.Rucio.Tokens.Select(static t => new Canary("Rucio token", t)),
        ];
    }

    /// <summary>Tokens as the client's issuer gives them out; their middle parts are what is looked for.</summary>
    private static (string Id, string Refresh) Tokens(Production production)
    {
        static string Part(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=');
        var (id, refresh) = (Part("""{"sub":"canary-id-token","exp":4102444800}"""), Part("""{"jti":"canary-refresh-token"}"""));
        File.WriteAllText(
            production.Panda.TokenPath,
            $$"""{"id_token": "{{Part("""{"alg":"RS256"}""")}}.{{id}}.c2lnbmF0dXJlLW9mLWlk", "refresh_token": "{{Part("""{"alg":"none"}""")}}.{{refresh}}."}""");
        return (id, refresh);
    }

    private static async Task RunAllAsync(Scene scene, Production production)
    {
        var facility = production.Facility;
        await EndsAsync(scene, "log-ok", "ok", Production.Fetch("34", "log-ok"));
        facility.Rucio.FaultAt("replicas/list", new RucioFault { Status = 401, Echoes = true });
        await EndsAsync(scene, "log-401", "error", Production.Fetch("35", "log-401"));
        facility.Rucio.FaultAt("replicas/list", new RucioFault { Status = 403, Echoes = true });
        await EndsAsync(scene, "log-403", "error", Production.Fetch("36", "log-403"));

        var (good, bad, doubtful) = (facility.Pcs.AddTask("26.07_good"), facility.Pcs.AddTask("26.07_bad"), facility.Pcs.AddTask("26.07_doubtful"));
        production.Panda.Follow(new PandaPlan { Id = 41001, TellsToken = true });
        await EndsAsync(scene, "submit-ok", "ok", Production.Submit(good, "submit-ok"));
        production.Panda.Follow(new PandaPlan { Id = 41002, TellsToken = true });
        facility.Pcs.FaultAt("record-submission", new PcsFault { Status = 401, Echoes = true });
        await EndsAsync(scene, "submit-401", "unrecorded", Production.Submit(bad, "submit-401"));
        production.Panda.Follow(new PandaPlan { What = "fail_after", Code = 90, Book = "down", TellsToken = true });
        await EndsAsync(scene, "submit-doubt", "unknown", Production.Submit(doubtful, "submit-doubt"));

        facility.Outputs.FaultAt("auth/userpass", new RucioFault { Status = 401, Echoes = true, Times = 1 });
        await EndsAsync(scene, "snap-401", "error", Snapshot("snap-401"));
        facility.Outputs.FaultAt("dids/search", new RucioFault { Status = 403, Echoes = true, Times = 1 });
        await EndsAsync(scene, "snap-403", "error", Snapshot("snap-403"));
        await EndsAsync(scene, "snap-ok", "ok", Snapshot("snap-ok"));

        var number = 100;
        foreach (var type in LeakyManifest.Types)
        {
            foreach (var end in LeakyManifest.Ends)
            {
                var outcome = end switch { "ok" => "ok", "hang" => "timeout", _ => "error" };
                await EndsAsync(
                    scene, $"{type}-{end}", outcome,
                    $$"""{"msg_type":"{{type}}","namespace":"prodops","request_id":"{{type}}-{{end}}","n":{{++number}},"end":"{{end}}"}""");
            }
        }

        await EndsAsync(
            scene, $"of-{Mark}", "error",
            $$"""{"msg_type":"leak","namespace":"prodops","request_id":"of-{{Mark}}","n":"{{Mark}}","end":"fail"}""");
        Assert.Equal("READY", (await scene.PingAsync())["state"]);
        await Eventually.HoldsAsync(
            () => facility.Monitor.Records.Count(static r => ((string?)r["message"])?.StartsWith("leak", StringComparison.Ordinal) == true) == 9,
            () => $"the records of the leaks; the agent wrote:\n{scene.Agent.Process.Output[^2000..]}");
    }

    private static string Snapshot(string id) => $$"""{"msg_type":"rucio_snapshot_update","namespace":"prodops","created_by":"cron","request_id":"{{id}}"}""";

    private static async Task EndsAsync(Scene scene, string id, string outcome, string body)
    {
        await scene.SendAsync(body);
        var settled = await scene.SettlesAsync(id);
        Assert.True(settled["outcome"] == outcome, $"{id} is {settled.Body}, not {outcome}");
    }

    /// <summary>What the door answers to an operator.</summary>
    private static async Task<Evidence> ShownAsync(Scene scene)
    {
        var evidence = new Evidence();
        List<string[]> commands = [["status"], ["work", "list"]];
        commands.Add(["keys", "list"]);
        commands.Add(
            ["send", "fetch_payload_log", "scope=group.EIC", $"lfn={Production.Lfn}", "jeditaskid=12", "pandaid=37", "--sign", "canary", "--wait"]);
        commands.AddRange(new[] { "log-401", "submit-doubt", "submit-401", "snap-401", "leak-ok", "leak-fail", "leak-hang", "leak_files-fail", "leak_files-crash", $"of-{Mark}" }
            .SelectMany(static id => new string[][] { ["work", "show", id], ["work", "why", id], ["logs", id] }));
        foreach (var command in commands)
        {
            var run = await scene.Agent.OpsCtlAsync([.. command, "-o", "json"]);
            evidence.Add("door", string.Join(' ', command), run.Output);

            // Status tells of the doubt by its code; the service still echoes, so what was signed was believed, and came to nothing.
            Assert.True(run.ExitCode == 0 || command is ["status"] || run.Output.Contains("\"outcome\":\"error\"", StringComparison.Ordinal), run.Output);
        }

        using var http = DoorClient(scene);
        evidence.Add("door", "configuration", await http.GetStringAsync(new Uri("http://agent/v1/config")));
        return evidence;
    }

    private static HttpClient DoorClient(Scene scene) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) =>
        {
            var socket = new System.Net.Sockets.Socket(
                System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(scene.Agent.StateFolder, "control.sock")), stop);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    });

    private static void Collect(Evidence evidence, Scene scene, Production production)
    {
        var logs = Path.Combine(scene.Agent.StateFolder, "logs");
        evidence.AddFolder("run logs", logs);

        // What prun itself wrote lies as it came, in a folder that is the service user's alone.
        evidence.AddFolder("ledger", scene.Agent.StateFolder, path => path.StartsWith(logs, StringComparison.Ordinal) || IsPrivateOutput(path));
        evidence.AddFolder("cache", scene.Agent.CacheFolder, IsPrivateOutput);
        evidence.Add("log", LogFile, scene.Agent.Process.Output);
        foreach (var message in scene.Listener.Messages)
        {
            evidence.Add("events", message["msg_type"] ?? "", message.Body.GetRawText());
            evidence.Add("events", $"{message["msg_type"]}, unescaped", string.Join('\n', message.Body.EnumerateObject().Select(static p => p.Value.ToString())));
        }

        foreach (var row in production.Facility.Monitor.LogRows.Concat(production.Facility.Monitor.Registry.Rows).Concat(production.Facility.Monitor.SubscriberRows))
        {
            evidence.Add("monitor", (string?)row["message"] ?? "a row", row.ToJsonString());
            evidence.Add("monitor", "a message, unescaped", (string?)row["message"] ?? "");
        }
    }

    private static bool IsPrivateOutput(string path)
    {
        if (Path.GetFileName(path) != "prun.log")
        {
            return false;
        }

        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        var sandbox = Path.GetDirectoryName(Path.GetDirectoryName(path))!;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(sandbox) & Others);
        return true;
    }

    private static void AssertSeen(ProcessSamples samples)
    {
        var programs = samples.Seen.Select(static s => s.Program).ToHashSet();
        Assert.All(new[] { "opsagent", "payload-log", "submit-task", "prun", "rucio-snapshot", "leak" }, p => Assert.Contains(p, programs));
    }

    private static void AssertNoCore(Scene scene) => Assert.DoesNotContain(
        Directory.EnumerateFiles(scene.Folder.Path, "core*", SearchOption.AllDirectories), static f => !f.EndsWith(".toml", StringComparison.Ordinal));
}
