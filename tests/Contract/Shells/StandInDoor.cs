using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Web;

namespace OpsAgent.Tests.Contract.Shells;

/// <summary>A local door that tells of any requests, also of such as no agent would take.</summary>
public sealed class StandInDoor : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    /// <summary>Opens it in a state folder.</summary>
    public StandInDoor(string stateFolder)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(stateFolder, "control.sock")));
        _listener.Listen();
        _serving = ServeAsync();
    }

    /// <summary>Its requests, newest first.</summary>
    public IReadOnlyList<(string Id, string Type, string State)> Requests { get; set; } = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await using var stream = new NetworkStream(await _listener.AcceptAsync(_end.Token), ownsSocket: true);
                try
                {
                    await AnswerAsync(stream);
                }
                catch (IOException)
                {
                    // Its patience was over; the next one asks anew.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        if (await reader.ReadLineAsync(_end.Token) is not { } start)
        {
            return;
        }

        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
        {
            // Headers say nothing of use here.
        }

        var state = HttpUtility.ParseQueryString(start.Split(' ')[1].Split('?')[^1])["state"];
        var received = new DateTimeOffset(2026, 8, 5, 12, 0, 0, TimeSpan.Zero);
        var work = Requests.Where(r => state is null || r.State == state).Select((r, i) => new
        {
            request_id = r.Id,
            msg_type = r.Type,
            state = r.State,
            lane = "fetch",
            received_at = received.AddSeconds(-i).ToString("O", CultureInfo.InvariantCulture),
        });
        var body = JsonSerializer.SerializeToUtf8Bytes(new { work });
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(body);
    }
}
