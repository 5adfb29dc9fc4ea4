using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>The whole way with real parts: stomp.py, ActiveMQ over TLS, the published agent and doer, XRootD with GSI.</summary>
[Collection(nameof(Broker))]
public sealed class FetchTests(Broker broker)
{
    private const UnixFileMode LogMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    [ServerFact("activemq", "python3-stomp", "xrootd-server", "xrootd-client")]
    public async Task A_payload_log_is_fetched_from_request_to_event()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var xrootd = await XrootdServer.StartAsync(facility.Credentials);
        var tarball = Tarball(("tarball_PandaJob_34/payload.stdout", "hello from the worker node\n"), ("tarball_PandaJob_34/pilotlog.txt", "pilot\n"), ("other.txt", "no"));
        xrootd.Put("log.34.tgz", tarball);
        facility.Rucio.Add("group.EIC", "log.34.tgz", tarball.Length, new StandInReplica(xrootd.Url("log.34.tgz"), "BNL_XRD"));
        await using var scene = await Scene.SetAsync(broker, environment: new Dictionary<string, string>
        {
            ["ACTIVEMQ_PORT"] = broker.ActiveMq.TlsPort.ToString(),
            ["ACTIVEMQ_USE_SSL"] = "true",
            ["ACTIVEMQ_SSL_CA_CERTS"] = broker.ActiveMq.Certificates.CaFile,
            ["RUCIO_URL"] = facility.Url,
            ["X509_USER_PROXY"] = facility.Credentials.ProxyPath,
            ["X509_CERT_DIR"] = facility.Credentials.CertificatesFolder,
            ["REQUESTS_CA_BUNDLE"] = facility.Credentials.AuthorityPath,
        });
        await scene.Agent.StartAsync();
        await using var second = await StompPyListener.StartAsync(broker.Tls, scene.EventTopic);

        await StompPySender.SendAsync(broker.Tls, scene.Queue,
            ["""{"msg_type":"fetch_payload_log","namespace":"prodops","scope":"group.EIC","lfn":"log.34.tgz","jeditaskid":"12","pandaid":"34","requested_by":"","request_id":"the-log"}"""]);

        var settled = await scene.SettlesAsync("the-log");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        var ready = await second.ReceivesAsync(m => m["msg_type"] == "payload_log_ready", "payload_log_ready");
        Assert.Equal(("34", "12"), (ready["pandaid"], ready["jeditaskid"]));
        var folder = Path.Combine(scene.Agent.CacheFolder, "panda-logs", "12", "34");
        Assert.Equal("hello from the worker node\n", await File.ReadAllTextAsync(Path.Combine(folder, "payload.stdout")));
        Assert.Equal("payload.stdout,pilotlog.txt\n", await File.ReadAllTextAsync(Path.Combine(folder, ".done")));
        Assert.Equal([".done", "payload.stdout", "pilotlog.txt"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(folder), f => Assert.Equal(LogMode, File.GetUnixFileMode(f)));
        var folderMode = LogMode | UnixFileMode.SetGroup | UnixFileMode.GroupWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Assert.Equal(folderMode, File.GetUnixFileMode(folder));
    }

    [ServerFact("activemq", "python3-stomp", "xrootd-server", "xrootd-client")]
    public async Task A_log_that_is_not_to_be_had_leaves_its_reason_for_the_page()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var scene = await Scene.SetAsync(broker, environment: new Dictionary<string, string>
        {
            ["RUCIO_URL"] = facility.Url,
            ["X509_USER_PROXY"] = facility.Credentials.ProxyPath,
            ["REQUESTS_CA_BUNDLE"] = facility.Credentials.AuthorityPath,
        });
        await scene.Agent.StartAsync();
        const string Body = """{"msg_type":"fetch_payload_log","scope":"group.EIC","lfn":"absent.tgz","jeditaskid":12,"pandaid":35,"request_id":"absent-N"}""";
        await scene.SendAsync(Body.Replace("-N", "-1", StringComparison.Ordinal));
        var settled = await scene.SettlesAsync("absent-1");
        await scene.SendAsync(Body.Replace("-N", "-2", StringComparison.Ordinal));
        await scene.SettlesAsync("absent-2");

        Assert.Equal("error", settled["outcome"]);
        var failed = await scene.Listener.ReceivesAsync(m => m["msg_type"] == "payload_log_failed" && m["attempts"] == "2", "the second failure");
        Assert.Equal(("35", "12"), (failed["pandaid"], failed["jeditaskid"]));
        var marker = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(scene.Agent.CacheFolder, "panda-logs", "12", "35", ".error"))).RootElement;
        Assert.Equal(2, marker.GetProperty("attempts").GetInt32());
        Assert.Equal(settled["reason"], marker.GetProperty("last_error").GetString());
        Assert.EndsWith("+00:00", marker.GetProperty("ts").GetString(), StringComparison.Ordinal);
    }

    private static byte[] Tarball(params (string Name, string Text)[] members)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, text) in members)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        return bytes.ToArray();
    }
}
