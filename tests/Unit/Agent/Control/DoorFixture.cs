using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Work;

namespace OpsAgent.Tests.Unit.Agent.Control;

/// <summary>A door on a socket of its own, with fakes behind it.</summary>
internal sealed class DoorFixture
{
    private readonly List<IDisposable> _clients = [];

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("door");

    public FakeWorkView Work { get; } = new();

    public FakeDecisions Decisions { get; } = new();

    public FakeAgentStatus Agent { get; } = new();

    public RunLogFolder Logs => new(Path.Combine(Folder.FullName, "logs"));

    public FakeReload Reload { get; } = new();

    public FakePauses Pauses { get; } = new();

    public FakeBusState Bus { get; } = new();

    public FakeTime Time { get; } = new(Moments.Start + TimeSpan.FromMinutes(1));

    public string SocketPath => Path.Combine(Folder.FullName, "control.sock");

    public ControlDoor? Door { get; private set; }

    public ControlDoor Make(int maxConnections = 32, string? group = null) =>
        new(
            new ControlDoorOptions { StateDirectory = Folder.FullName, MaxConnections = maxConnections, Group = group },
            Agent,
            Work,
            Decisions,
            Bus,
            [
                new DoorCapabilities(Pauses, new FakeHandlers(new FakeHandler("fetch_payload_log")), NullLogger<ControlDoor>.Instance),
                new DoorLogs(Work, Logs),
                new DoorReload(Reload),
            ],
            Time,
            NullLogger<ControlDoor>.Instance);

    public async Task OpenAsync(int maxConnections = 32)
    {
        Door = Make(maxConnections);
        await Door.StartAsync(CancellationToken.None);
    }

    public HttpClient Client()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectAsync(cancellationToken), ownsSocket: true),
        };
        var client = new HttpClient(handler) { BaseAddress = new Uri("http://agent/") };
        _clients.Add(client);
        return client;
    }

    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _clients.Add(socket);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
        return socket;
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var response = await Client().SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async Task CloseAsync()
    {
        _clients.ForEach(c => c.Dispose());
        if (Door is not null)
        {
            await Door.StopAsync(CancellationToken.None);
            await Door.DisposeAsync();
        }

        Folder.Delete(recursive: true);
    }
}
