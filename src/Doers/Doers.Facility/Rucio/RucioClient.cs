using System.Net.Http.Headers;
using System.Text.Json;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Rucio's REST, as far as doers need it. A token is taken for each run and never written anywhere.</summary>
public sealed class RucioClient : IDisposable
{
    private const string TokenHeader = "X-Rucio-Auth-Token";
    private const string StreamType = "application/x-json-stream";

    private readonly HttpClient _http;
    private readonly RucioOptions _options;
    private readonly RucioCall _call;
    private readonly CancellationTokenSource _total;
    private string? _token;

    /// <summary>Speaks through <paramref name="http"/>, which brings the client certificate.</summary>
    public RucioClient(HttpClient http, RucioOptions options, DoerLog log, TimeProvider time)
    {
        _http = http;
        _options = options;
        _total = new CancellationTokenSource(options.TotalLimit, time);
        _call = new RucioCall(options, log, time, _total.Token);
    }

    /// <summary>The replicas of a file, in Rucio's order; empty if there is none.</summary>
    public async Task<IReadOnlyList<Replica>> ReplicasAsync(Did did, CancellationToken stop)
    {
        _token ??= await TokenAsync(stop);
        return await _call.RunAsync(
            "replicas/list",
            Timeout.InfiniteTimeSpan, // a slow catalogue may take all that the limit over all calls leaves
            async limit =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, At("replicas/list"));
                request.Headers.Add(TokenHeader, _token);
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(StreamType));
                request.Content = new ByteArrayContent(ListBody(did));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
                RucioAnswer.ThrowUnlessOk("replicas/list", response);
                await using var body = await response.Content.ReadAsStreamAsync(limit);
                return await ReplicaStream.ReadAsync(body, did, limit);
            },
            stop);
    }

    /// <inheritdoc/>
    public void Dispose() => _total.Dispose();

    private Task<string> TokenAsync(CancellationToken stop) => _call.RunAsync(
        "auth/x509",
        _options.TokenLimit,
        async limit =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, At("auth/x509"));
            request.Headers.Add("X-Rucio-Account", _options.Account);
            if (_options.Vo.Length > 0)
            {
                request.Headers.Add("X-Rucio-VO", _options.Vo);
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            RucioAnswer.ThrowUnlessOk("auth/x509", response);
            return response.Headers.TryGetValues(TokenHeader, out var values) && values.First() is { Length: > 0 } token
                ? token
                : throw new DoerException(DoerExit.RucioAnswerBad, $"Rucio auth/x509: answer {(int)response.StatusCode} without a token");
        },
        stop);

    private Uri At(string path) => new($"{_options.Url.AbsoluteUri.TrimEnd('/')}/{path}");

    private static byte[] ListBody(Did did)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("dids");
            json.WriteStartObject();
            json.WriteString("scope", did.Scope);
            json.WriteString("name", did.Name);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
