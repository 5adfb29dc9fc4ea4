using System.Net.Http.Headers;
using System.Text.Json;

namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>Single calls of the production catalogue's REST, each limited, and repeated where that does no harm.</summary>
internal sealed class PcsRest(HttpClient http, PcsOptions options, DoerLog log, TimeProvider time)
{
    private readonly PcsCall _call = new(options, log, time);

    /// <summary>Reads <paramref name="path"/>, below <c>/pcs/api/</c>; the answer is of <paramref name="kind"/>.</summary>
    public Task<JsonElement> GetAsync(string name, string path, JsonValueKind kind, CancellationToken stop) => _call.RunAsync(
        name,
        options.ReadRetries,
        async token =>
        {
            using var request = Request(HttpMethod.Get, path);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            await PcsAnswer.ThrowUnlessOkAsync(name, response, time, token);
            return await PcsAnswer.JsonAsync(name, response, kind, options.LargestAnswer, token);
        },
        CancellationToken.None,
        stop);

    /// <summary>Writes once: who repeats it must look first whether it has been done.</summary>
    public Task PatchAsync(string name, string path, byte[] body, CancellationToken stop) => _call.RunAsync(
        name,
        retries: 0,
        async token =>
        {
            using var request = Request(HttpMethod.Patch, path);
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            await PcsAnswer.ThrowUnlessOkAsync(name, response, time, token);
            return await PcsAnswer.JsonAsync(name, response, JsonValueKind.Object, options.LargestAnswer, token);
        },
        CancellationToken.None,
        stop);

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri($"{options.Url.AbsoluteUri.TrimEnd('/')}/pcs/api/{path}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (options.Token is { } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Token " + token);
        }

        return request;
    }
}
