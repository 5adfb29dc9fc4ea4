using System.Net.Http.Headers;
using System.Text.Json;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Rucio's REST, as far as the fetch of a file needs it. A token is taken for each run and never written anywhere.</summary>
/// <param name="http">Brings the client certificate.</param>
/// <param name="options">Where Rucio is.</param>
/// <param name="log">Hears of tries that failed.</param>
/// <param name="time">The clock of the limits.</param>
public sealed class RucioClient(HttpClient http, RucioOptions options, DoerLog log, TimeProvider time) : IDisposable
{
    private const string StreamType = "application/x-json-stream";

    private readonly RucioSession _session = new(http, options, log, time);

    /// <summary>The replicas of a file, in Rucio's order; empty if there is none.</summary>
    public Task<IReadOnlyList<Replica>> ReplicasAsync(Did did, CancellationToken stop) => _session.RunAsync(
        "replicas/list",
        Timeout.InfiniteTimeSpan, // a slow catalogue may take all that the limit over all calls leaves
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, options.At("replicas/list"));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(StreamType));
            request.Content = new ByteArrayContent(ListBody(did));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return request;
        },
        (body, limit) => ReplicaStream.ReadAsync(body, did, limit),
        stop);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

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
