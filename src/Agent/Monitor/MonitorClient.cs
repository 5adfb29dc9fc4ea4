using System.Net.Http.Headers;
using System.Text;
using OpsAgent.Agent.Redaction;

namespace OpsAgent.Agent.Monitor;

/// <summary>Calls the monitor. Whatever happens is a reply; only the caller's own cancellation is thrown.</summary>
/// <param name="options">Where it is.</param>
/// <param name="time">The clock of the limits.</param>
/// <param name="transport">Null: connections of its own.</param>
/// <param name="redactor">For what an answer that is no success tells again; it is shown and logged.</param>
internal sealed class MonitorClient(MonitorOptions options, TimeProvider time, HttpMessageHandler? transport = null, Redactor? redactor = null)
    : IDisposable
{
    private const int MaxAnswer = 16 * 1024;

    private readonly Redactor _redactor = redactor ?? Redactor.OfShapes;
    private readonly HttpClient _http = new(transport ?? MonitorTransport.Create(options.CaFile)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>A call of the agent API.</summary>
    public Task<MonitorReply> CallAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        CallAsync(path, body, options.CallTimeout, cancellationToken);

    /// <summary>The same with a limit of its own.</summary>
    public Task<MonitorReply> CallAsync(string path, byte[] body, TimeSpan limit, CancellationToken cancellationToken) =>
        SendAsync("POST", options.Api + path, body, options.Token, limit, cancellationToken);

    /// <summary>A log line or an action record. No token: anybody may write there, and the base URL may be another host's.</summary>
    public Task<MonitorReply> StreamAsync(
        string method, string path, byte[] body, TimeSpan limit, CancellationToken cancellationToken) =>
        SendAsync(method, options.Streams + path, body, "", limit, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<MonitorReply> SendAsync(
        string method, string url, byte[] body, string token, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (token.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Authorization", $"Token {token}");
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var text = await BeginningAsync(response, either.Token);
            return new MonitorReply((int)response.StatusCode, response.IsSuccessStatusCode ? text : _redactor.Text(text))
            {
                IsHtml = response.Content.Headers.ContentType?.MediaType == "text/html",
                Location = _redactor.Text(response.Headers.Location?.OriginalString ?? ""),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new MonitorReply(0, $"no answer within {limit.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new MonitorReply(0, e.InnerException is { } cause ? $"{e.Message} ({cause.Message})" : e.Message);
        }
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}
