using System.Net.Sockets;
using System.Text;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Http;

/// <summary>The client of the agent's own door, when something else answers there.</summary>
public sealed class DoorClientTests : IDisposable
{
    private const long Most = 64 << 20;
    private const long Slack = 16 << 20; // what buffers of the client and of the sockets may hold

    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public DoorClientTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(new StateFolder(_folder.Path).Socket));
        _listener.Listen();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_redirect_is_told_and_never_followed()
    {
        var asking = AskAsync();
        using (var caller = await _listener.AcceptAsync())
        {
            await AnswerAsync(caller, "HTTP/1.1 302 Found\r\nLocation: http://agent/stray\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }

        Assert.Contains("302", await asking, StringComparison.Ordinal);
        Assert.False(_listener.Poll(TimeSpan.Zero, SelectMode.SelectRead), "it came once more");
    }

    [Fact]
    public async Task An_answer_without_end_is_read_up_to_the_limit()
    {
        var asking = AskAsync();
        var sent = 0L;
        using (var caller = await _listener.AcceptAsync())
        {
            await AnswerAsync(caller, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
            var block = new byte[64 << 10];
            Array.Fill(block, (byte)'[');
            try
            {
                while (sent < Most * 4)
                {
                    sent += await caller.SendAsync(block);
                }
            }
            catch (SocketException)
            {
                // The caller has gone, as it should.
            }
        }

        Assert.NotEqual("taken", await asking);
        Assert.InRange(sent, 1, Most + Slack);
    }

    private static async Task AnswerAsync(Socket caller, string head)
    {
        await caller.ReceiveAsync(new byte[4096]);
        await caller.SendAsync(Encoding.ASCII.GetBytes(head));
    }

    private async Task<string> AskAsync()
    {
        using var door = new DoorClient(new StateFolder(_folder.Path));
        try
        {
            await door.GetAsync("/v1/status", DoorShapesJson.Default.AgentState, CancellationToken.None);
            return "taken";
        }
        catch (OpsCtlException e)
        {
            return e.Message;
        }
    }
}
