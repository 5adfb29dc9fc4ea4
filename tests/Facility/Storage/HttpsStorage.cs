using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Storage;

/// <summary>A storage door over https that asks for a client certificate, as dCache and XRootD do.</summary>
public sealed class HttpsStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly ConcurrentDictionary<string, string> _redirects = new();

    /// <summary>Puts a file behind the door.</summary>
    public void Put(string name, byte[] content) => _files[name] = content;

    /// <summary>Makes the door send readers of a name elsewhere.</summary>
    public void Redirect(string name, string to) => _redirects[name] = to;

    internal async Task ServeAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (context.Connection.ClientCertificate is null)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
        else if (_redirects.TryGetValue(name, out var to))
        {
            context.Response.Redirect(to);
        }
        else if (_files.TryGetValue(name, out var content))
        {
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
