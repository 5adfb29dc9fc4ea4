using OpsAgent.Agent.Monitor;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Doers.Facility.Doors;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.Doctor.Http;
using OpsAgent.OpsCtl.Guard;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Unit.OpsCtl;
using Xunit;

namespace OpsAgent.Tests.Unit.Http;

/// <summary>Whoever asks the facility over HTTP: no answer leads it astray, fills its memory, or comes from somebody else.</summary>
public sealed class HttpClientsTests(HttpClientsTests.Grid grid) : IClassFixture<HttpClientsTests.Grid>
{
    private const long Slack = 16 << 20; // what buffers of two sockets and of TLS may hold

    private static readonly DoerLog Log = new(TextWriter.Null);

    /// <summary>What calls over HTTP below <c>src</c>; each is asked by one client at least of those here.</summary>
    internal static readonly string[] Callers =
    [
        "src/Agent/Monitor/MonitorClient.cs", "src/Doers/Doers.Facility/Doors/HttpsReader.cs", "src/Doers/Doers.Facility/Pcs/PcsClient.cs",
        "src/Doers/Doers.Facility/Pcs/PcsRest.cs", "src/Doers/Doers.Facility/Rucio/RucioClient.cs",
        "src/Doers/Doers.Facility/Rucio/RucioDatasets.cs", "src/Doers/Doers.Facility/Rucio/RucioSession.cs",
        "src/Doers/Doers.Facility/Rucio/RucioTokens.cs", "src/OpsCtl/Doctor/Http/ServiceProbe.cs", "src/OpsCtl/Guard/AgentRegistry.cs",
    ];

    /// <summary>Each client with the most that it may read of one answer, all its tries together.</summary>
    private static readonly Dictionary<string, (Func<GridCredentials, Uri, Task<string>> Ask, long Most)> Clients = new(StringComparer.Ordinal)
    {
        ["the production catalogue"] = (AskPcsAsync, 1 << 20),
        ["a list of the production catalogue"] = (AskPcsListAsync, 1 << 20),
        ["an https door"] = (AskDoorAsync, 1 << 20),
        ["Rucio with a proxy"] = (AskRucioAsync, 16 << 20),
        ["the size of a dataset"] = (AskDatasetAsync, 16 << 20),
        ["the monitor"] = (AskMonitorAsync, 16 << 10),
        ["the registry of agents"] = (AskRegistryAsync, 8 << 20),
        ["the doctor"] = (AskDoctorAsync, 16 << 20),
    };

    public static TheoryData<string> Names => [.. Clients.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_redirect_is_told_and_never_followed(string client)
    {
        await using var server = await WildServer.StartAsync(grid.Credentials, WildServer.RedirectAsync);

        var told = await Clients[client].Ask(grid.Credentials, server.Url);

        Assert.Contains("302", told, StringComparison.Ordinal);
        Assert.Equal(0, server.Strayed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_without_end_is_read_up_to_the_limit(string client)
    {
        await using var server = new EndlessServer(grid.Credentials);

        Assert.NotEqual("taken", await Clients[client].Ask(grid.Credentials, server.Url));

        Assert.InRange(server.Sent, 1, Clients[client].Most + Slack);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_server_whose_certificate_is_for_another_name_gets_no_call(string client)
    {
        var calls = 0;
        await using var server = await WildServer.StartAsync(grid.Credentials, (_, _) =>
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        });

        var told = await Clients[client].Ask(grid.Credentials, server.OtherName);

        Assert.Contains("certificate", told, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, calls);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_below_TLS_1_2_is_offered(string client) =>
        Assert.Equal(
            [0x0303, 0x0304], (await WildServer.OfferedVersionsAsync(url => Clients[client].Ask(grid.Credentials, url))).Order());

    private static async Task<string> AskPcsAsync(GridCredentials grid, Uri url)
    {
        using var http = ServiceHttp.Create(Anchors(grid));
        var options = new PcsOptions { Url = url, ReadRetries = 0 };
        return await ToldAsync(() => new PcsClient(http, options, Log, TimeProvider.System).CommandAsync("task", default, default));
    }

    private static async Task<string> AskPcsListAsync(GridCredentials grid, Uri url)
    {
        using var http = ServiceHttp.Create(Anchors(grid));
        var options = new PcsOptions { Url = url, ReadRetries = 0, LargestAnswer = 1 << 20 };
        return await ToldAsync(() => new PcsRows(http, options, Log, TimeProvider.System).DatasetsAsync(default));
    }

    private static async Task<string> AskDoorAsync(GridCredentials grid, Uri url)
    {
        using var proxy = ProxyCredential.Load(grid.ProxyPath, TimeProvider.System);
        using var http = ProxyHttp.Create(proxy, TrustAnchors.OfDoors(Trusting(grid)));
        await using var file = new FileStream(
            Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0, FileOptions.DeleteOnClose);
        var door = new Door(url.AbsoluteUri + "log.tgz", DoorKind.Https, url.Authority, null);
        var copy = new DoorCopy(_ => new HttpsReader(http), Log, TimeProvider.System, most: 1 << 20);
        var told = await ToldAsync(async () =>
        {
            await copy.CopyAsync([door], file, TimeSpan.FromMinutes(1), default);
            return door;
        });
        Assert.InRange(file.Length, 0, 1 << 20);
        return told;
    }

    private static async Task<string> AskRucioAsync(GridCredentials grid, Uri url)
    {
        using var proxy = ProxyCredential.Load(grid.ProxyPath, TimeProvider.System);
        using var http = ProxyHttp.Create(proxy, Anchors(grid));
        using var rucio = new RucioClient(http, Rucio(url), Log, TimeProvider.System);
        return await ToldAsync(() => rucio.ReplicasAsync(new Did("a", "b"), default));
    }

    private static async Task<string> AskDatasetAsync(GridCredentials grid, Uri url)
    {
        using var http = ServiceHttp.Create(Anchors(grid));
        using var rucio = new RucioDatasets(http, Rucio(url), Log, TimeProvider.System);
        return await ToldAsync(() => rucio.DetailsAsync(new Did("a", "b"), default));
    }

    private static async Task<string> AskMonitorAsync(GridCredentials grid, Uri url)
    {
        using var client = new MonitorClient(
            new MonitorOptions { Api = url.AbsoluteUri.TrimEnd('/'), CaFile = grid.AuthorityPath }, TimeProvider.System);
        var reply = await client.CallAsync("/x", [], CancellationToken.None);
        Assert.InRange(reply.Text.Length, 0, 16 << 10);
        return $"{reply.Status} {reply.Text}";
    }

    private static async Task<string> AskRegistryAsync(GridCredentials grid, Uri url)
    {
        var here = new OpsCtlRun { Environment = { ["REQUESTS_CA_BUNDLE"] = grid.AuthorityPath } }.Surroundings();
        return await ToldAsync(() => AgentRegistry.ReadAsync(new Uri(url.AbsoluteUri.TrimEnd('/')), null, here, default));
    }

    private static async Task<string> AskDoctorAsync(GridCredentials grid, Uri url)
    {
        using var http = ServiceHttp.Create(Anchors(grid));
        var answer = await new ServiceProbe(http, TimeSpan.FromSeconds(60), TimeProvider.System).GetAsync(url, null, withBody: true, default);
        Assert.InRange(answer.Body.Length, 0, 17 << 20);
        return answer.Failure ?? $"{answer.Status} {(answer.Json is null ? "no JSON" : "JSON")}";
    }

    private static RucioOptions Rucio(Uri url) => new() { Url = url, Account = "a", Vo = "", Retries = 1, RetryDelay = TimeSpan.FromMilliseconds(1) };

    private static TrustAnchors Anchors(GridCredentials grid) => TrustAnchors.OfServices(Trusting(grid));

    private static DoerEnvironment Trusting(GridCredentials grid) => new(name => name == "REQUESTS_CA_BUNDLE" ? grid.AuthorityPath : null);

    private static async Task<string> ToldAsync<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return "taken";
        }
        catch (Exception e) when (e is DoerException or PcsException or OpsCtlException)
        {
            return e.Message;
        }
    }

    public sealed class Grid : IDisposable
    {
        public GridCredentials Credentials { get; } = GridCredentials.Create();

        public void Dispose() => Credentials.Dispose();
    }
}
