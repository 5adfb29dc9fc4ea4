using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Rucio's REST on datasets: which there are, and what each holds where. For many threads.</summary>
/// <param name="http">The connections, kept over calls.</param>
/// <param name="options">Where Rucio is and who signs in.</param>
/// <param name="log">Hears of tries that failed.</param>
/// <param name="time">The clock of the limits.</param>
public sealed class RucioDatasets(HttpClient http, RucioOptions options, DoerLog log, TimeProvider time) : IDisposable
{
    private const int SearchLimit = 256 << 20;
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(60);

    private readonly RucioSession _session = new(http, options, log, time);

    /// <summary>
    /// The names of a scope's datasets that <paramref name="pattern"/> (with <c>*</c>) fits, each once, in Rucio's order.
    /// </summary>
    public async Task<IReadOnlyList<string>> SearchAsync(string scope, string pattern, CancellationToken stop)
    {
        var path = $"dids/{Escaped(scope)}/dids/search?type=dataset&name={Uri.EscapeDataString(pattern)}";
        var names = await _session.RunAsync("dids/search", TryLimit, () => Get(path), ReadNamesAsync, stop);
        var distinct = names.OfType<string>().Where(static n => n.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (distinct.Count < names.Count)
        {
            log.Line($"Rucio dids/search {OneLine.Of(pattern)}: {names.Count - distinct.Count} lines are null, empty or said before");
        }

        return distinct;
    }

    /// <summary>A dataset's metadata and replicas.</summary>
    public async Task<DatasetDetails> DetailsAsync(Did did, CancellationToken stop)
    {
        var path = $"{Escaped(did.Scope)}/{Escaped(did.Name)}";
        var (length, bytes) = await _session.RunAsync("dids", TryLimit, () => Get("dids/" + path), ReadSizeAsync, stop);
        var replicas = await _session.RunAsync(
            "replicas/datasets", TryLimit, () => Get($"replicas/{path}/datasets"), ReadReplicasAsync, stop);
        return new DatasetDetails(length, bytes, replicas);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static async Task<List<string?>> ReadNamesAsync(Stream body, CancellationToken limit)
    {
        List<string?> names = [];
        await foreach (var line in RucioLines.OfAsync("dids/search", body, SearchLimit, limit))
        {
            names.Add(line.ValueKind switch
            {
                JsonValueKind.String => line.GetString(),
                JsonValueKind.Null => null,
                _ => throw RucioLines.Bad("dids/search", "a line is no name", line),
            });
        }

        return names;
    }

    private static async Task<(long? Length, long? Bytes)> ReadSizeAsync(Stream body, CancellationToken limit)
    {
        try
        {
            var answer = await BoundedAnswer.ReadAsync("dids", body, BoundedLines.TotalLimit, limit);
            using var json = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 32 });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? (Number(json.RootElement, "length"), Number(json.RootElement, "bytes"))
                : throw RucioLines.Bad("dids", "the answer is no JSON object", json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DoerException(DoerExit.RucioAnswerBad, $"Rucio dids: the answer is no JSON ({OneLine.Of(e.Message, 160)})", e);
        }
    }

    private static async Task<IReadOnlyList<JsonElement>> ReadReplicasAsync(Stream body, CancellationToken limit)
    {
        List<JsonElement> replicas = [];
        await foreach (var line in RucioLines.OfAsync("replicas/datasets", body, BoundedLines.TotalLimit, limit))
        {
            if (line.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            {
                throw RucioLines.Bad("replicas/datasets", "a line is no JSON object", line);
            }

            if (line.ValueKind == JsonValueKind.Object)
            {
                replicas.Add(line.Clone());
            }
        }

        return replicas;
    }

    private static long? Number(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;

    private HttpRequestMessage Get(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, options.At(path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-json-stream"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }

    // What a path may hold stays as it is, as other clients of Rucio send it: names have slashes, = and +.
    private static string Escaped(string name)
    {
        var escaped = new StringBuilder(name.Length + 16);
        foreach (var rune in name.EnumerateRunes())
        {
            var stays = rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value)
                || "-._~!$&'()*+,;=:@/".Contains((char)rune.Value, StringComparison.Ordinal));
            escaped.Append(stays ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return escaped.ToString();
    }
}
