using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Recording;

/// <summary>What was asked of the stand-in, in order.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentQueue<RecordedRequest> _all = new();

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<RecordedRequest> All => [.. _all];

    /// <summary>Those whose path begins so.</summary>
    public IReadOnlyList<RecordedRequest> To(string path) =>
        [.. _all.Where(r => r.Path.StartsWith(path, StringComparison.Ordinal))];

    internal async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        request.Body.Position = 0;
        _all.Enqueue(new RecordedRequest(
            request.Method,
            request.Path + request.QueryString.Value,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body,
            context.Connection.ClientCertificate?.Subject));
        await next(context);
    }
}
