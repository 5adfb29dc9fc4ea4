using System.Net.Http.Headers;
using System.Text.Json;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>Reads the monitor's registry of agents.</summary>
internal static class AgentRegistry
{
    private const int Largest = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>All rows.</summary>
    /// <exception cref="OpsCtlException">It can't be read, and why (exit 69), or its certificates can't (exit 78).</exception>
    public static async Task<IReadOnlyList<RegistryRow>> ReadAsync(
        Uri monitor, string? token, Surroundings surroundings, CancellationToken cancellationToken)
    {
        using var http = Client(surroundings);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{monitor}/api/systemagents/"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (token is not null && (monitor.Scheme == Uri.UriSchemeHttps || monitor.IsLoopback))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Token", token);
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw Unreadable(monitor, $"it answered {(int)response.StatusCode}", null);
            }

            var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            using var document = JsonDocument.Parse(answer);
            return JsonStrings.AreText(answer) ? RegistryRow.ReadAll(document.RootElement) : throw new JsonException("a string is no text");
        }
        catch (JsonException e)
        {
            throw Unreadable(monitor, "its answer is no list of agents", e);
        }
        catch (HttpRequestException e)
        {
            throw Unreadable(monitor, e.InnerException?.Message ?? e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreadable(monitor, $"no answer within {Patience.TotalSeconds:0} s", e);
        }
    }

    private static HttpClient Client(Surroundings surroundings)
    {
        try
        {
            var http = ServiceHttp.Create(TrustAnchors.OfServices(new DoerEnvironment(surroundings.Variable)));
            (http.Timeout, http.MaxResponseContentBufferSize) = (Patience, Largest);
            return http;
        }
        catch (DoerException e)
        {
            var bundle = surroundings.Variable("REQUESTS_CA_BUNDLE");
            throw new OpsCtlException(ExitCode.Configuration, e.Message, $"correct REQUESTS_CA_BUNDLE, which is '{bundle}'", e);
        }
    }

    private static OpsCtlException Unreadable(Uri monitor, string why, Exception? inner) =>
        new(ExitCode.Unreachable, $"the registry at {monitor} can't be read: {why}", "check SWF_MONITOR_URL and REQUESTS_CA_BUNDLE", inner);
}
