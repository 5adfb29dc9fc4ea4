using System.Net.Sockets;
using System.Text;
using OpsAgent.OpsCtl.Guard;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Guard;

public sealed class DoorProgressTests
{
    [Theory]
    [InlineData(4711, 5, 6, true, "1 message(s) were taken in meanwhile")]
    [InlineData(4711, 5, 5, false, "its local door answers, but nothing was taken in meanwhile")]
    [InlineData(4712, 5, 6, false, "its local door is answered by pid 4712")]
    public async Task An_agent_works_if_it_took_something_in_between_two_looks(int pid, long before, long after, bool progresses, string finding)
    {
        using var folder = new TemporaryFolder();
        var answering = AnswerAsync(folder.At("control.sock"), pid, pid == 4711 ? [before, after] : [before]);
        var looks = new DoorProgress(new StateFolder(folder.Path), 4711);

        await looks.LookAsync(CancellationToken.None);
        await looks.LookAgainAsync(CancellationToken.None);

        Assert.Equal((progresses, finding), (looks.Progresses, looks.Finding));
        await answering;
    }

    [Fact]
    public async Task A_door_that_is_not_there_shows_nothing()
    {
        using var folder = new TemporaryFolder();
        foreach (var state in (StateFolder?[])[null, new StateFolder(folder.Path)])
        {
            var looks = new DoorProgress(state, 4711);
            await looks.LookAsync(CancellationToken.None);
            await looks.LookAgainAsync(CancellationToken.None);
            Assert.False(looks.Progresses);
            Assert.StartsWith(state is null ? "it has no local door" : "its local door does not answer: ", looks.Finding, StringComparison.Ordinal);
        }
    }

    /// <summary>Listens when it returns; completes when all is answered.</summary>
    private static async Task AnswerAsync(string path, int pid, long[] dispatched)
    {
        using var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        door.Bind(new UnixDomainSocketEndPoint(path));
        door.Listen();
        foreach (var count in dispatched)
        {
            using var connection = await door.AcceptAsync();
            var request = new byte[4096];
            Assert.StartsWith("GET /v1/status ", Encoding.ASCII.GetString(request, 0, await connection.ReceiveAsync(request)), StringComparison.Ordinal);
            var body = $$"""{"agent":"a","pid":{{pid}},"dispatched":{{count}}}""";
            await connection.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        }
    }
}
