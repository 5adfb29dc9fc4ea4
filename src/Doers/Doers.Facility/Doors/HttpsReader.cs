namespace OpsAgent.Doers.Facility.Doors;

/// <summary>Reads an https door with the proxy as client certificate. Redirects are reported, not followed.</summary>
internal sealed class HttpsReader(HttpClient http) : IDoorReader
{
    public async Task CopyAsync(Door door, DoorTarget target, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(door.Url), HttpCompletionOption.ResponseHeadersRead, stop);
            ThrowUnlessFile(response);
            target.ThrowIfBeyond(response.Content.Headers.ContentLength);
            await using var body = await response.Content.ReadAsStreamAsync(stop);
            await target.FillAsync(body, stop);
        }
        catch (HttpRequestException e)
        {
            throw new DoorFailedException((e.InnerException ?? e).Message, inner: e);
        }
    }

    private static void ThrowUnlessFile(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            var where = OneLine.Of(response.Headers.Location?.OriginalString, 100);
            throw new DoorFailedException($"answered {status}, a redirect to {where}; not followed");
        }

        if (status != 200)
        {
            throw new DoorFailedException($"answered {status}");
        }
    }
}
