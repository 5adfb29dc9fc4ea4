using System.Text;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>
/// A marked value in each credential that is a file: name and password, bearer token, the key of the agent's TLS connection. Doers die
/// with them in their stack traces, then the agent itself is aborted; whatever that leaves is searched.
/// </summary>
[Collection(nameof(Broker))]
public sealed class CrashTests(Broker broker)
{
    private const string Password = "canary-userpass-7f3a91d2";
    private const string Mark = "739164028517493621";
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Signal 6, as a shell and the runtime tell of it.
    private const int Aborted = 134;

    // A token's middle part, which is looked for.
    private static readonly string Claims = Part("""{"sub":"canary-bearer","exp":4102444800}""");

    private static readonly string[] Places = ["argv", "cache", "door", "environment", "events", "ledger", "log", "run logs"];

    [ServerFact("activemq", "python3-stomp")]
    public async Task No_credential_file_is_in_what_a_crash_leaves()
    {
        using var files = new TemporaryFolder();
        var key = files.Write("client-key.pem", await File.ReadAllTextAsync(broker.ActiveMq.Certificates.ClientKeyFile), Own);
        await using var scene = await Scene.SetAsync(
            broker, folder => CrashingManifest.Of(folder, key), Environment(files, key), settings: ["log.level=TRACE"]);

        // Whoever starts the agent may have asked for core dumps: the agent says no.
        scene.Agent.Behind = ["/bin/sh", "-c", "ulimit -c unlimited; exec \"$@\"", "sh"];
        await scene.Agent.StartAsync();
        Evidence evidence;
        await using (var samples = new ProcessSamples(scene.Agent.Process.Pid))
        {
            evidence = await CrashAsync(scene);
            evidence.AddProcesses(samples);
            Assert.Contains(CrashingManifest.Program, samples.Seen.Select(static s => s.Program));
        }

        var before = scene.Agent.Process.Output.Length;
        var exit = scene.Agent.Process.ExitAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                // The runtime takes the first one for itself and goes on.
                scene.Agent.Process.Signal(PosixSignalNumber.Abort);
                return exit.IsCompleted;
            },
            "it is aborted");
        Assert.Equal(Aborted, await exit);
        evidence.Add("crash output", "agent", scene.Agent.Process.Output[before..]);
        Collect(evidence, scene);

        List<Canary> canaries =
        [
            new Canary("broker passcode", ActiveMqBroker.Passcode, "opsagent", "sh"),
            new Canary("user's password", Password),
            new Canary("bearer token", Claims),
            .. KeyLines(key).Select(static (line, i) => new Canary($"line {i} of the TLS key", line)),
        ];
        Assert.True(canaries.Count > 5, "the key has fewer lines than planned");
        Assert.Equal(Places, evidence.PlacesOf(new Canary("mark", Mark)).Order(StringComparer.Ordinal));
        var hits = evidence.Hits(canaries).Distinct().ToList();
        Assert.True(hits.Count == 0, string.Join('\n', hits));
        Assert.Contains("Traceback (most recent call last)", scene.Agent.Process.Output, StringComparison.Ordinal);
        Assert.Contains("password=[redacted]", scene.Agent.Process.Output, StringComparison.Ordinal);
        Assert.Empty(Cores.Below(scene.Folder.Path));
        Assert.Empty(Directory.EnumerateFiles(Directory.GetCurrentDirectory(), $"core*{scene.Agent.Process.Pid}"));
    }

    private Dictionary<string, string> Environment(TemporaryFolder files, string key) => new()
    {
        ["ACTIVEMQ_PORT"] = broker.ActiveMq.TlsPort.ToString(),
        ["ACTIVEMQ_USE_SSL"] = "true",
        ["ACTIVEMQ_SSL_CA_CERTS"] = broker.ActiveMq.Certificates.CaFile,
        ["ACTIVEMQ_SSL_CERT_FILE"] = broker.ActiveMq.Certificates.ClientFile,
        ["ACTIVEMQ_SSL_KEY_FILE"] = key,
        ["USERS_FILE"] = files.Write("users", $"reader:{Password}\n", Own),
        ["BEARER_TOKEN_FILE"] = files.Write("bt_u0", $"{Part("""{"alg":"RS256"}""")}.{Claims}.c2lnbmF0dXJl\n", Own),
    };

    private static string Part(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=');

    private static async Task<Evidence> CrashAsync(Scene scene)
    {
        var evidence = new Evidence();
        foreach (var end in CrashingManifest.Ends)
        {
            var id = $"{end}-of-{Mark}";
            await scene.SendAsync(
                $$"""{"msg_type":"crash","namespace":"prodops","request_id":"{{id}}","n":"{{Mark}}","end":"{{end}}"}""");
            var settled = await scene.SettlesAsync(id);
            Assert.True(settled["outcome"] == "error", $"{settled.Body}\n{scene.Agent.Process.Output}");
            foreach (var command in new string[][] { ["status"], ["work", "show", id], ["work", "why", id], ["logs", id] })
            {
                evidence.Add("door", string.Join(' ', command), (await scene.Agent.OpsCtlAsync([.. command, "-o", "json"])).Output);
            }
        }

        await scene.Listener.ReceivesAsync(static m => m["msg_type"] == "crashed", "the event of a crash");
        return evidence;
    }

    private static void Collect(Evidence evidence, Scene scene)
    {
        var logs = Path.Combine(scene.Agent.StateFolder, "logs");
        evidence.AddFolder("run logs", logs);
        evidence.AddFolder("ledger", scene.Agent.StateFolder, path => path.StartsWith(logs, StringComparison.Ordinal));
        evidence.AddFolder("cache", scene.Agent.CacheFolder);
        evidence.Add("log", "agent.log", scene.Agent.Process.Output);
        foreach (var message in scene.Listener.Messages)
        {
            evidence.Add("events", message["msg_type"] ?? "", message.Body.GetRawText());
            evidence.Add("events", $"{message["msg_type"]}, unescaped", string.Join('\n', message.Body.EnumerateObject().Select(static p => p.Value.ToString())));
        }
    }

    /// <summary>Those after the first quarter: the modulus, which fills it, is in the certificate too.</summary>
    private static IEnumerable<string> KeyLines(string path)
    {
        var lines = File.ReadAllLines(path).Where(static l => l.Length > 0 && !l.StartsWith('-')).ToList();
        return lines.Skip((lines.Count / 4) + 2).SkipLast(1);
    }
}
