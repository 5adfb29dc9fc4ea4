using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpsAgent.Tests.Facility.Storage;

/// <summary>A storage door over https that asks for a client certificate, as dCache and XRootD do.</summary>
public sealed class HttpsStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly ConcurrentDictionary<string, byte[]> _broken = new();
    private readonly ConcurrentDictionary<string, string> _redirects = new();

    /// <summary>Puts a file behind the door.</summary>
    public void Put(string name, byte[] content) => _files[name] = content;

    /// <summary>Makes the door send readers of a name elsewhere.</summary>
    public void Redirect(string name, string to) => _redirects[name] = to;

    /// <summary>Puts a file behind the door whose connection is reset in the middle of it.</summary>
    public void PutBroken(string name, byte[] content) => _broken[name] = content;

    /// <summary>The same with a file that is there already.</summary>
    public void Break(string name) => PutBroken(name, _files[name]);

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
        else if (_broken.TryGetValue(name, out var whole))
        {
            context.Response.ContentLength = whole.Length;
            await context.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            Reset(context);
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

    // Aborting the request would end the connection in an orderly way, which a reader sees as another failure.
    private static void Reset(HttpContext context)
    {
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }
}
