namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>The token of a run. When it ends, one of the calls under way gets a new one and all the others use it too.</summary>
internal sealed class RucioTokens(HttpClient http, RucioOptions options, RucioCall call) : IDisposable
{
    /// <summary>The header that a token comes in and goes in.</summary>
    public const string Header = "X-Rucio-Auth-Token";

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile string? _token;
    private DoerException? _refusal;

    /// <summary>A token other than <paramref name="ended"/>, which Rucio no longer accepts; null if none has ended.</summary>
    public async ValueTask<string> TakeAsync(string? ended, CancellationToken stop)
    {
        if (_token is { } good && good != ended)
        {
            return good;
        }

        await _one.WaitAsync(stop);
        try
        {
            if (_refusal is { } before)
            {
                throw new DoerException(before.Exit, before.Message, before);
            }

            if (_token is null || _token == ended)
            {
                _token = await SignInAsync(stop);
            }

            return _token;
        }
        catch (DoerException e) when (e.Exit == DoerExit.RucioRefused)
        {
            _refusal ??= e; // asked once: a service may lock a user out who comes again and again with a wrong password
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private Task<string> SignInAsync(CancellationToken stop)
    {
        var name = options.User is null ? "auth/x509" : "auth/userpass";
        return call.RunAsync(
            name,
            options.TokenLimit,
            async limit =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, options.At(name));
                Sign(request);
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
                RucioAnswer.ThrowUnlessOk(name, response);
                var token = response.Headers.TryGetValues(Header, out var values) ? values.First() : "";
                SecretText.Know(token);
                return token.Length > 0
                    ? token
                    : throw new DoerException(DoerExit.RucioAnswerBad, $"Rucio {name}: answer {(int)response.StatusCode} without a token");
            },
            stop);
    }

    private void Sign(HttpRequestMessage request)
    {
        request.Headers.Add("X-Rucio-Account", options.Account);
        if (options.Vo.Length > 0)
        {
            request.Headers.Add("X-Rucio-VO", options.Vo);
        }

        if (options.User is { } user)
        {
            request.Headers.Add("X-Rucio-Username", user.Name);
            request.Headers.Add("X-Rucio-Password", user.Password);
        }
    }
}
