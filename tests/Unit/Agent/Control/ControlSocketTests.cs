using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using OpsAgent.Agent.Control;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Control;

[SupportedOSPlatform("linux")]
public sealed class ControlSocketTests : IAsyncLifetime
{
    private readonly DoorFixture _door = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public async Task Owner_and_group_may_connect_and_nobody_else()
    {
        await _door.OpenAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
            File.GetUnixFileMode(_door.SocketPath));
    }

    [Fact]
    public void A_bound_socket_refuses_until_the_server_listens()
    {
        using var bound = ControlSocket.Bind(_door.SocketPath, null);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        var error = Assert.Throws<SocketException>(() => client.Connect(new UnixDomainSocketEndPoint(_door.SocketPath)));

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_dead_agents_socket_is_replaced()
    {
        // A listener that is closed without unlinking leaves what a killed agent leaves.
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            var aside = Path.Combine(_door.Folder.FullName, "aside");
            dead.Bind(new UnixDomainSocketEndPoint(aside));
            dead.Listen();
            File.Move(aside, _door.SocketPath);
        }

        Assert.True(File.Exists(_door.SocketPath));
        await _door.OpenAsync();

        var (status, _) = await _door.GetAsync("/v1/status");
        Assert.Equal(System.Net.HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_living_agents_socket_is_refused_and_left_alone()
    {
        await _door.OpenAsync();
        await using var second = _door.Make();

        await Assert.ThrowsAsync<ControlDoorTakenException>(() => second.StartAsync(CancellationToken.None));

        var (status, _) = await _door.GetAsync("/v1/status");
        Assert.Equal(System.Net.HttpStatusCode.OK, status);
    }

    [Fact]
    public void A_hanging_agent_whose_backlog_is_full_counts_as_living()
    {
        using var hanging = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        hanging.Bind(new UnixDomainSocketEndPoint(_door.SocketPath));
        hanging.Listen(0);
        var waiting = new List<Socket>();
        try
        {
            while (true)
            {
                var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
                waiting.Add(client);
                try
                {
                    client.Connect(new UnixDomainSocketEndPoint(_door.SocketPath));
                }
                catch (SocketException)
                {
                    break; // the backlog is full
                }
            }

            Assert.Throws<ControlDoorTakenException>(() => ControlSocket.Bind(_door.SocketPath, null));
        }
        finally
        {
            waiting.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task The_socket_is_gone_after_a_stop()
    {
        await _door.OpenAsync();

        await _door.Door!.StopAsync(CancellationToken.None);
        await _door.Door.DisposeAsync();

        Assert.False(File.Exists(_door.SocketPath));
    }

    [Fact]
    public void A_path_that_no_unix_socket_can_have_is_named_with_advice()
    {
        var error = Assert.Throws<ControlDoorException>(() => ControlSocket.Bind("/tmp/" + new string('x', 110), null));

        Assert.Contains("shorter state folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_group_is_named()
    {
        var error = Assert.Throws<ControlDoorException>(() => ControlSocket.Bind(_door.SocketPath, "no-such-group"));

        Assert.Contains("no-such-group", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_whose_door_cannot_be_opened_runs_on()
    {
        await using var door = _door.Make(group: "no-such-group");

        await door.StartAsync(CancellationToken.None);
        await door.StopAsync(CancellationToken.None);

        Assert.False(File.Exists(_door.SocketPath));
    }

    [Fact]
    public async Task The_kernel_tells_the_peer()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_door.SocketPath));
        listener.Listen();
        await _door.ConnectAsync();
        using var accepted = await listener.AcceptAsync();

        var peer = PeerCredentials.Of(accepted);

        Assert.Equal(Environment.ProcessId, peer.Pid);
        Assert.Equal(Environment.UserName, peer.User);
        Assert.Equal("uid 4123456789", new PeerCredentials(1, 4123456789, 0).User);
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_and_the_others_are_served()
    {
        await _door.OpenAsync(maxConnections: 2);
        using var first = await _door.ConnectAsync();
        using var second = await _door.ConnectAsync();
        await AskAsync(first);
        await AskAsync(second);

        using var third = await _door.ConnectAsync();

        Assert.Equal(0, await ReceivedAsync(third));
        await AskAsync(first);
    }

    [Theory]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: a\r\nX: {0}\r\n\r\n", 9000, "431")]
    [InlineData("GET /{0} HTTP/1.1\r\nHost: a\r\n\r\n", 9000, "414")]
    public async Task An_oversized_request_is_refused(string format, int size, string expected)
    {
        await _door.OpenAsync();
        using var socket = await _door.ConnectAsync();

        await socket.SendAsync(Encoding.ASCII.GetBytes(format.Replace("{0}", new string('x', size), StringComparison.Ordinal)));

        var buffer = new byte[64];
        var read = await socket.ReceiveAsync(buffer).WaitAsync(Eventually.Limit);
        Assert.StartsWith("HTTP/1.1 " + expected, Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
    }

    private static async Task AskAsync(Socket socket)
    {
        await socket.SendAsync("GET /v1/status HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        Assert.True(await ReceivedAsync(socket) > 0);
    }

    private static async Task<int> ReceivedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[8192]).WaitAsync(Eventually.Limit);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}
