using System.Text.Json;
using System.Text.RegularExpressions;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Archives;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Docs;

/// <summary>docs/wire.md followed to the letter: destinations, programs, what they print, and each message that is shown.</summary>
[Collection(nameof(Broker))]
public sealed class WirePageTests(Broker broker) : IAsyncLifetime
{
    private const string Queue = "/queue/epicprod.ops";

    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/wire.md");

    private readonly TemporaryFolder _folder = new();
    private FacilityStandIn _facility = null!;
    private AgentUnderTest _agent = null!;
    private PythonPeers _peers = null!;

    public async Task InitializeAsync()
    {
        if (broker.ActiveMq is null)
        {
            return; // the tests are skipped
        }

        _facility = await FacilityStandIn.StartAsync();
        var log = LogTarball.Good();
        _facility.Storage.Put("log.40312.tgz", log);
        _facility.Rucio.Add("group.EIC", "log.40312.tgz", log.Length, new StandInReplica($"davs://{new Uri(_facility.Url).Authority}/door/log.40312.tgz", "HERE"));
        var environment = Surroundings("localhost");
        _agent = new AgentUnderTest(_folder, environment);
        await _agent.StartAsync();
        _peers = Peers(environment);
    }

    public async Task DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
            await _facility.DisposeAsync();
        }

        _folder.Dispose();
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Every_program_prints_what_the_page_says()
    {
        var programs = Page.BlocksIn("python").Where(b => b.Name != "ops_bus.py").ToList();
        Assert.Equal(["ping.py", "fetch.py", "refused.py", "shutdown.py"], programs.Select(p => p.Name));

        foreach (var program in programs)
        {
            var printed = await _peers.RunAsync(program.Name);

            Assert.True(Page.OutputOf(program)!.IsOutput(printed), $"{program.Name} printed:\n{printed}\nthe agent wrote:\n{_agent.Process.Output}");
        }

        Assert.Equal(100, await _agent.Process.ExitAsync());
        Assert.Contains("shutdown asked for by alice", _agent.Process.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Every_message_that_is_shown_looks_like_a_real_one()
    {
        var shown = Page.BlocksIn("json").Select(b => JsonElement.Parse(b.Text)).ToDictionary(m => m.GetProperty("msg_type").GetString()!);
        var pongs = shown["health_ping"].GetProperty("reply_to").GetString()!;
        await using var listener = await StompPyListener.StartAsync(broker.Plain, "/topic/epictopic", "/topic/epicprod.ops.settled", pongs);

        // The requests as they stand on the page, and one for a log that nobody has.
        foreach (var request in (string[])["health_ping", "fetch_payload_log"])
        {
            await SendAsync(shown[request].GetRawText());
        }

        await SendAsync("""{"msg_type":"fetch_payload_log","scope":"group.EIC","lfn":"gone.tgz","jeditaskid":1,"pandaid":2}""");

        foreach (var type in (string[])["pong", "payload_log_ready", "payload_log_failed"])
        {
            var real = await listener.ReceivesAsync(m => m["msg_type"] == type, () => $"{type}; the agent wrote:\n{_agent.Process.Output}");
            Assert.Equal(Shape(real.Body), Shape(shown[type]));
            Assert.Equal(Text(shown[type], "reason"), Text(real.Body, "reason"));
        }

        var asked = shown["fetch_payload_log"].GetProperty("request_id").GetString()!;
        var settled = await listener.ReceivesAsync(m => m["msg_type"] == "ops_request_settled" && m["request_id"] == asked, "the settlement");
        Assert.Equal(Shape(settled.Body), Shape(shown["ops_request_settled"]));
        Assert.Equal("ok", settled["outcome"]);

        await SendAsync(shown["shutdown"].GetRawText());
        Assert.Equal(100, await _agent.Process.ExitAsync());
        Assert.Equal(7, shown.Count);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task The_validator_of_the_page_refuses_a_broker_whose_certificate_names_another_host()
    {
        // The chain is right, and stomp.py alone would ask for no more.
        var (code, output) = await Peers(Surroundings("127.0.0.1")).TryAsync("ping.py");

        Assert.NotEqual(0, code);
        Assert.Contains("ConnectFailedException", output, StringComparison.Ordinal);
    }

    [ServerFact("python3-stomp")]
    public async Task The_page_can_be_tried_with_the_agents_own_broker()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string> { ["ACTIVEMQ_PORT"] = "0", ["ACTIVEMQ_USER"] = "alice", ["ACTIVEMQ_PASSWORD"] = "secret" };
        await using var agent = new AgentUnderTest(folder, environment, "--standalone");
        await agent.StartAsync();
        environment["ACTIVEMQ_PORT"] = Regex.Match(agent.Process.Output, @"127\.0\.0\.1:(\d+)").Groups[1].Value;
        var peers = Peers(environment);

        foreach (var program in (string[])["ping.py", "refused.py", "shutdown.py"])
        {
            var printed = await peers.RunAsync(program);
            Assert.True(Page.OutputOf(Page.Block(program))!.IsOutput(printed), $"{program} printed:\n{printed}\nthe agent wrote:\n{agent.Process.Output}");
        }

        Assert.Equal(100, await agent.Process.ExitAsync());
    }

    private static SortedDictionary<string, string> Shape(JsonElement message) =>
        new(message.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ValueKind.ToString()), StringComparer.Ordinal);

    private static string Text(JsonElement message, string name) => message.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private Task SendAsync(string body) => StompPySender.SendAsync(broker.Plain, Queue, [body.ReplaceLineEndings(" ")]);

    private PythonPeers Peers(IReadOnlyDictionary<string, string> environment)
    {
        var peers = new PythonPeers(_folder, environment);
        foreach (var block in Page.BlocksIn("python"))
        {
            peers.Add(block);
        }

        return peers;
    }

    private Dictionary<string, string> Surroundings(string host) => new()
    {
        ["ACTIVEMQ_HOST"] = host,
        ["ACTIVEMQ_PORT"] = broker.ActiveMq.TlsPort.ToString(),
        ["ACTIVEMQ_USER"] = ActiveMqBroker.Login,
        ["ACTIVEMQ_PASSWORD"] = ActiveMqBroker.Passcode,
        ["ACTIVEMQ_USE_SSL"] = "true",
        ["ACTIVEMQ_SSL_CA_CERTS"] = broker.ActiveMq.Certificates.CaFile,
        ["RUCIO_URL"] = _facility.Url,
        ["X509_USER_PROXY"] = _facility.Credentials.ProxyPath,
        ["X509_CERT_DIR"] = _facility.Credentials.CertificatesFolder,
        ["REQUESTS_CA_BUNDLE"] = _facility.Credentials.AuthorityPath,
    };
}
