using System.Net.Sockets;
using System.Security.Authentication;
using OpsAgent.Doers.Facility;

namespace OpsAgent.OpsCtl.Doctor.Http;

/// <summary>Asks a service once: how it is now is the question, so nothing is repeated.</summary>
internal sealed class ServiceProbe(HttpClient http, TimeSpan limit, TimeProvider time)
{
    private const int LargestBody = 16 << 20;

    /// <summary>A call that reads, with <c>Authorization: Token</c> if there is one.</summary>
    public Task<ServiceAnswer> GetAsync(Uri url, string? token, bool withBody, CancellationToken stop) => AskAsync(
        url, token is null ? [] : [KeyValuePair.Create("Authorization", "Token " + token)], withBody, stop);

    /// <summary>A call that reads, with these headers. Without its body the connection is closed as soon as the headers are there.</summary>
    public async Task<ServiceAnswer> AskAsync(
        Uri url, IEnumerable<KeyValuePair<string, string>> headers, bool withBody, CancellationToken stop)
    {
        using var own = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(own.Token, stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return new ServiceAnswer
            {
                Status = (int)response.StatusCode,
                MediaType = response.Content.Headers.ContentType?.MediaType,
                Location = response.Headers.Location?.OriginalString,
                Headers = response.Headers,
                Body = withBody ? await BodyAsync(response, both.Token) : default,
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed(
                $"no answer from {url.Authority} within {limit.TotalSeconds:0.#} s", "is the service up, and no firewall between?");
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            return Failed(
                $"TLS with {url.Authority} failed: {OneLine.Of(e.InnerException.Message)}",
                "REQUESTS_CA_BUNDLE must hold the authority of its certificate, and the URL its name");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException socket)
        {
            return Failed($"{url.Authority} can't be reached: {OneLine.Of(socket.Message)}", "");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Failed($"the connection to {url.Authority} broke: {OneLine.Of((e.InnerException ?? e).Message)}", "");
        }
    }

    private static ServiceAnswer Failed(string line, string advice) => new() { Failure = line, Advice = advice };

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken stop)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        using var all = new MemoryStream();
        var block = new byte[16 << 10];
        int count;
        while (all.Length < LargestBody && (count = await body.ReadAsync(block, stop)) > 0)
        {
            await all.WriteAsync(block.AsMemory(0, count), stop);
        }

        return all.ToArray();
    }
}
