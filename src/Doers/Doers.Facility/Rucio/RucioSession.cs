using System.Net;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Calls of one run with its token: limited, repeated, and with a new token when the old one ends. For many threads.</summary>
internal sealed class RucioSession : IDisposable
{
    private readonly HttpClient _http;
    private readonly RucioOptions _options;
    private readonly RucioCall _call;
    private readonly RucioTokens _tokens;
    private readonly CancellationTokenSource _total;

    public RucioSession(HttpClient http, RucioOptions options, DoerLog log, TimeProvider time)
    {
        _http = http;
        _options = options;
        _total = new CancellationTokenSource(options.TotalLimit, time);
        _call = new RucioCall(options, log, time, _total.Token);
        _tokens = new RucioTokens(http, options, _call);
    }

    /// <summary>
    /// Sends what <paramref name="make"/> makes and reads the answer; <paramref name="limit"/> is for each try. Everything here
    /// only reads, so a repeat does no harm.
    /// </summary>
    public async Task<T> RunAsync<T>(
        string name,
        TimeSpan limit,
        Func<HttpRequestMessage> make,
        Func<Stream, CancellationToken, Task<T>> read,
        CancellationToken stop)
    {
        string? ended = null;
        for (var renewals = 0; ; renewals++)
        {
            var token = await _tokens.TakeAsync(ended, stop);
            var mayRenew = renewals < _options.Renewals;
            try
            {
                return await _call.RunAsync(name, limit, own => OnceAsync(name, token, mayRenew, make, read, own), stop);
            }
            catch (RucioTokenEndedException)
            {
                ended = token;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Dispose();
        _total.Dispose();
    }

    private async Task<T> OnceAsync<T>(
        string name,
        string token,
        bool mayRenew,
        Func<HttpRequestMessage> make,
        Func<Stream, CancellationToken, Task<T>> read,
        CancellationToken limit)
    {
        using var request = make();
        request.Headers.Add(RucioTokens.Header, token);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
        if (response.StatusCode == HttpStatusCode.Unauthorized && mayRenew)
        {
            throw new RucioTokenEndedException();
        }

        RucioAnswer.ThrowUnlessOk(name, response);
        await using var body = await response.Content.ReadAsStreamAsync(limit);
        return await read(body, limit);
    }
}
