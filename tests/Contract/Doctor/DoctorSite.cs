using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Contract.Doctor;

/// <summary>All that an agent needs, well: services, a broker with an agent that answers pings, credentials, programs, folders.</summary>
public sealed class DoctorSite : IAsyncLifetime
{
    /// <summary>Every secret that doctor sees; none may be printed.</summary>
    public static readonly string[] Secrets = ["broker-secret-word", "api-secret-token", "pcs-secret-token", "secret-refresh", "secret-subject"];

    private readonly TemporaryFolder _folder = new();
    private StompBroker _broker = null!;
    private StompClient _agent = null!;

    public FacilityStandIn Facility { get; } = FacilityStandIn.StartAsync().GetAwaiter().GetResult();

    /// <summary>The variables of a facility where all is well, as its environment file has them.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Opened to the web server, as the facility's is.</summary>
    public string Cache => _folder.At("tmp");

    public async Task InitializeAsync()
    {
        _broker = await StompBroker.StartAsync(new StompBrokerOptions
        {
            Users = new Dictionary<string, string> { ["prodops"] = Secrets[0] },
        });
        await AnswerPingsAsync();
        Facility.Monitor.Token = Secrets[1];
        Facility.Pcs.Token = Secrets[2];
        ReportAgent();
        UnixMode.Set(_folder.Path, "0755");
        foreach (var (name, mode) in (KeyValuePair<string, string>[])[new("tmp", "2775"), new("state", "0750"), new("panda", "0700")])
        {
            Directory.CreateDirectory(_folder.At(name));
            UnixMode.Set(_folder.At(name), mode);
        }

        SetVariables();
        WriteToken(TimeSpan.FromDays(30));
        Program("bin/xrdcp");
        Program("pclient/bin/prun");
        _folder.Write("pclient/setup.sh", $"export PATH={_folder.At("pclient", "bin")}:$PATH\n");
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _broker.DisposeAsync();
        await Facility.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Writes the panda client's token; it ends after <paramref name="left"/>.</summary>
    public string WriteToken(TimeSpan left, string mode = "0600")
    {
        var ends = (TimeProvider.System.GetUtcNow() + left).ToUnixTimeSeconds();
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"sub":"{{Secrets[4]}}","exp":{{ends}}}"""));
        var path = _folder.Write("panda/.token", $$"""{"id_token":"h.{{claims}}.s","refresh_token":"{{Secrets[3]}}"}""");
        UnixMode.Set(path, mode);
        return path;
    }

    /// <summary>Runs doctor with the variables in an environment file, but for those that are changed.</summary>
    public async Task<DoctorOutcome> RunAsync(IEnumerable<(string Name, string? Value)>? changes = null, params string[] arguments)
    {
        var variables = new Dictionary<string, string>(Variables);
        foreach (var (name, value) in changes ?? [])
        {
            variables.Remove(name);
            if (value is not null)
            {
                variables[name] = value;
            }
        }

        var file = _folder.Write($"{Guid.NewGuid():N}.env", string.Concat(variables.Select(static v => $"{v.Key}={v.Value}\n")));
        string[] line = ["doctor", "--environment-file", file, "--pclient-setup", _folder.At("pclient", "setup.sh"), "-o", "json", .. arguments];
        await using var opsctl = ChildProcess.Start(Deployment.OpsCtl, line, new Dictionary<string, string>());
        return new DoctorOutcome(await opsctl.ExitAsync(), opsctl.Output);
    }

    // Of the next hour, so that it is fresh however long the tests take.
    private static JsonObject Row() => new()
    {
        ["instance_name"] = "prodops-agent-x-7",
        ["agent_type"] = "PRODOPS",
        ["namespace"] = "prodops",
        ["status"] = "OK",
        ["operational_state"] = "READY",
        ["pid"] = 12,
        ["hostname"] = "h",
        ["last_heartbeat"] = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)).ToString("O"),
    };

    private void ReportAgent() => Facility.Monitor.Registry.Add(Row());

    private async Task AnswerPingsAsync()
    {
        _agent = new StompClient(new StompClientOptions { Endpoints = [_broker.Endpoint], Login = "prodops", Passcode = Secrets[0] });
        _agent.Subscribe(new StompSubscribeOptions { Destination = "/queue/epicprod.ops" }, async message =>
        {
            var replyTo = (string)JsonNode.Parse(message.Body.Span)!["reply_to"]!;
            await _agent.SendAsync(new StompOutgoing { Destination = replyTo, Body = """{"msg_type":"pong","agent":"prodops-agent-x-7"}"""u8.ToArray() });
        });
        _agent.Start();
        await _agent.WaitConnectedAsync();
    }

    private void SetVariables()
    {
        var all = new Dictionary<string, string>
        {
            ["ACTIVEMQ_HOST"] = "127.0.0.1",
            ["ACTIVEMQ_PORT"] = $"{_broker.Port}",
            ["ACTIVEMQ_USER"] = "prodops",
            ["ACTIVEMQ_PASSWORD"] = Secrets[0],
            ["SWF_MONITOR_URL"] = Facility.MonitorUrl,
            ["SWF_API_TOKEN"] = Secrets[1],
            ["SWFMON_TOKEN"] = Secrets[2],
            ["RUCIO_URL"] = Facility.Url,
            ["JLAB_RUCIO_URL"] = Facility.Url,
            ["REQUESTS_CA_BUNDLE"] = Facility.Credentials.AuthorityPath,
            ["X509_USER_PROXY"] = Facility.Credentials.WriteProxy("doctor", TimeSpan.FromHours(-1), TimeSpan.FromDays(30), "0640"),
            ["PANDA_CONFIG_ROOT"] = _folder.At("panda"),
            ["XRDCP"] = _folder.At("bin", "xrdcp"),
            ["SWF_TMP_DIR"] = Cache,
            ["OPSAGENT_STATE_DIR"] = _folder.At("state"),
        };
        foreach (var (name, value) in all)
        {
            Variables[name] = value;
        }
    }

    private void Program(string name) => UnixMode.Set(_folder.Write(name, "#!/bin/sh\nexit 1\n"), "0755");
}

[CollectionDefinition(nameof(DoctorSite))]
public sealed class DoctorSiteGroup : ICollectionFixture<DoctorSite>;
