using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Door;

/// <summary>Asks a running agent through its control socket.</summary>
internal sealed class DoorClient : IDisposable
{
    /// <summary>Longer than the door's own limits, so that its 503 with advice arrives first.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PatienceWithDoers = TimeSpan.FromMinutes(5.5);

    private const int Largest = 64 << 20;

    private readonly StateFolder _state;
    private readonly HttpClient _http;

    public DoorClient(StateFolder state)
    {
        _state = state;
        var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        _http = new HttpClient(handler)
        {
            MaxResponseContentBufferSize = Largest,
            BaseAddress = new Uri("http://agent/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <exception cref="NoAgentException">No agent runs on this state folder.</exception>
    /// <exception cref="OpsCtlException">The door is shut to this user, or it answers with an error.</exception>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, shape, Patience, cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, shape, Patience, cancellationToken);

    /// <summary>The same of what waits for a doer to end.</summary>
    public Task<T> PostToDoerAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellationToken) =>
        PostToDoerAsync(path, content: null, shape, cancellationToken);

    /// <summary>The same with a body.</summary>
    public Task<T> PostToDoerAsync<T>(string path, HttpContent? content, JsonTypeInfo<T> shape, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, shape, PatienceWithDoers, cancellationToken, content);

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, JsonTypeInfo<T> shape, TimeSpan patience, CancellationToken cancellationToken, HttpContent? content = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize(body, shape) ?? throw new JsonException("null")
                : throw Refused(response.StatusCode, body);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException socket)
        {
            throw Unconnected(socket);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(
                $"the agent closed the connection: {e.Message}", "it may have ended, or have all its connections in use: try again", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(
                $"the agent does not answer at {_state.Socket}", "it hangs: see its log, and systemctl status epicprod-ops-agent", e);
        }
        catch (JsonException e)
        {
            throw Unreachable("the agent's answer can't be read", "use opsctl and the agent of one release", e);
        }
    }

    private Exception Unconnected(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AccessDenied => DoorProbe.Denied(_state, e),
        SocketError.AddressNotAvailable or SocketError.ConnectionRefused => new NoAgentException(_state.Socket, e),
        _ => File.Exists(_state.Socket)
            ? Unreachable($"can't connect to {_state.Socket}: {e.Message}", "see the agent's log", e)
            : new NoAgentException(_state.Socket, e),
    };

    private static OpsCtlException Refused(HttpStatusCode status, byte[] body)
    {
        DoorError? error;
        try
        {
            error = JsonSerializer.Deserialize(body, DoorShapesJson.Default.DoorError);
        }
        catch (JsonException)
        {
            // Not one of ours, such as a refusal by the server itself; the status is all there is.
            error = null;
        }

        var code = status switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Forbidden => ExitCode.Negative,
            HttpStatusCode.BadRequest => ExitCode.Usage,
            _ => ExitCode.Unreachable,
        };
        return new OpsCtlException(code, error?.Error ?? $"the agent answered {(int)status}", error?.Advice ?? "see the agent's log");
    }

    private static OpsCtlException Unreachable(string message, string advice, Exception inner) =>
        new(ExitCode.Unreachable, message, advice, inner);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_state.Socket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
