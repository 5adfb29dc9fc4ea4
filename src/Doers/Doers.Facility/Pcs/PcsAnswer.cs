using System.Net;
using System.Text;
using System.Text.Json;

namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>What an answer of PCS means for a doer.</summary>
internal static class PcsAnswer
{
    private const int DetailLimit = 64 << 10;

    /// <summary>Throws unless the status is one of 2xx and the body not a page; a redirect is the login, and never followed.</summary>
    public static async Task ThrowUnlessOkAsync(string call, HttpResponseMessage response, TimeProvider time, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            var where = OneLine.Of(response.Headers.Location?.OriginalString, 200);
            throw Lasting(call, status, $"answered {status}, a redirect to {where}; not followed (is the URL with /swf-monitor, and the token accepted?)");
        }

        if (IsPage(response))
        {
            throw new PcsException($"PCS {call}: answered {status} with HTML: is this its address?", status, IsPassing(response.StatusCode))
            {
                Wait = WaitOf(response, time),
            };
        }

        if (status is >= 200 and < 300)
        {
            return;
        }

        var detail = await DetailAsync(response, stop);
        throw new PcsException($"PCS {call}: answered {status}{detail}", status, IsPassing(response.StatusCode))
        {
            Wait = WaitOf(response, time),
        };
    }

    /// <summary>The body as UTF-8 text.</summary>
    public static async Task<string> TextAsync(string call, HttpResponseMessage response, int limit, CancellationToken stop)
    {
        var bytes = await BytesAsync(call, response, limit, stop);
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new PcsException($"PCS {call}: the answer is no UTF-8 text", (int)response.StatusCode, isPassing: false, e);
        }
    }

    /// <summary>The body as JSON of the wanted kind.</summary>
    public static async Task<JsonElement> JsonAsync(
        string call, HttpResponseMessage response, JsonValueKind kind, int limit, CancellationToken stop)
    {
        var bytes = await BytesAsync(call, response, limit, stop);
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 });
            return document.RootElement.ValueKind == kind && JsonStrings.AreText(bytes)
                ? document.RootElement.Clone()
                : throw Lasting(call, (int)response.StatusCode, $"the answer is no JSON {kind}".ToLowerInvariant());
        }
        catch (JsonException e)
        {
            throw new PcsException($"PCS {call}: the answer is no JSON", (int)response.StatusCode, isPassing: false, e);
        }
    }

    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    private static bool IsPage(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType is "text/html";

    private static PcsException Lasting(string call, int status, string what) => new($"PCS {call}: {what}", status, isPassing: false);

    private static TimeSpan? WaitOf(HttpResponseMessage response, TimeProvider time)
    {
        var wait = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - time.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            var bytes = await BytesAsync("", response, DetailLimit, stop);
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object && JsonStrings.AreText(bytes) && document.RootElement.TryGetProperty("detail", out var detail)
                ? ": " + OneLine.Of(detail.ToString())
                : "";
        }
        catch (Exception e) when (e is JsonException or PcsException or HttpRequestException or IOException)
        {
            return ""; // the status says enough
        }
    }

    private static async Task<byte[]> BytesAsync(string call, HttpResponseMessage response, int limit, CancellationToken stop)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        using var all = new MemoryStream();
        var block = new byte[16 << 10];
        int count;
        while ((count = await body.ReadAsync(block, stop)) > 0)
        {
            if (all.Length + count > limit)
            {
                throw Lasting(call, (int)response.StatusCode, $"the answer is longer than {limit} bytes");
            }

            await all.WriteAsync(block.AsMemory(0, count), stop);
        }

        return all.ToArray();
    }
}
