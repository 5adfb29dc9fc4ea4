using System.Net.Sockets;
using System.Text;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>opsctl against an agent that has other routes.</summary>
public sealed class OtherVersionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _door = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public void Dispose()
    {
        _door.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("400 Bad Request")]
    public async Task An_agent_that_does_not_tell_its_status_is_no_degraded_one(string status)
    {
        _door.Bind(new UnixDomainSocketEndPoint(_folder.At("control.sock")));
        _door.Listen();
        var answering = AnswerAsync(status);
        var run = new OpsCtlRun();
        run.Environment["OPSAGENT_STATE_DIR"] = _folder.Path;

        Assert.Equal(2, await run.RunAsync("status"));
        await answering;
    }

    private async Task AnswerAsync(string status)
    {
        using var client = await _door.AcceptAsync();
        var buffer = new byte[4096];
        _ = await client.ReceiveAsync(buffer);
        await client.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    }
}
