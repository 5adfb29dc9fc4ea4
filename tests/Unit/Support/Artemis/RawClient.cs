using System.Net.Sockets;
using System.Text;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Artemis;

namespace OpsAgent.Tests.Unit.Support.Artemis;

/// <summary>A socket to the scripted server: frames go and come as text.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly List<byte> _waiting = [];

    private RawClient(TcpClient tcp) => _tcp = tcp;

    public static async Task<RawClient> OpenAsync(ArtemisServer server)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", server.Port);
        return new RawClient(tcp);
    }

    /// <summary>Opens, connects and gives back what CONNECTED said.</summary>
    public static async Task<(RawClient Client, string Connected)> ConnectedAsync(ArtemisServer server, string version = "1.2", string headers = "")
    {
        var client = await OpenAsync(server);
        return (client, await client.AskAsync($"CONNECT\naccept-version:{version}\nhost:h\n{headers}\n"));
    }

    /// <summary>Sends a frame, its NUL added.</summary>
    public async Task SendAsync(string frame) => await _tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(frame + "\0"));

    public async Task SendRawAsync(string text) => await _tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task<string> AskAsync(string frame)
    {
        await SendAsync(frame);
        return await NextAsync();
    }

    /// <summary>Sends bytes and gives back all that comes up to the end of the next frame, line ends before it too.</summary>
    public async Task<string> AskRawAsync(string text)
    {
        await SendRawAsync(text);
        while (!_waiting.Contains(0) && await ReadAsync())
        {
        }

        return Encoding.UTF8.GetString([.. _waiting]);
    }

    /// <summary>The next frame, without its NUL and the line ends before it.</summary>
    public async Task<string> NextAsync()
    {
        while (true)
        {
            var end = _waiting.IndexOf(0);
            if (end >= 0)
            {
                var frame = Encoding.UTF8.GetString([.. _waiting[..end]]).TrimStart('\n');
                _waiting.RemoveRange(0, end + 1);
                return frame;
            }

            if (!await ReadAsync())
            {
                throw new InvalidOperationException($"the server closed; before it came: {Encoding.UTF8.GetString([.. _waiting])}");
            }
        }
    }

    /// <summary>Nothing but line ends comes until the server has closed.</summary>
    public async Task ClosesAsync()
    {
        while (await ReadAsync())
        {
        }

        if (_waiting.Exists(b => b != '\n'))
        {
            throw new InvalidOperationException($"before the end came: {Encoding.UTF8.GetString([.. _waiting])}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new byte[4096];
        var count = await _tcp.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Eventually.Limit);
        _waiting.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }
}
