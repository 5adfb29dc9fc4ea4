using System.Net.Sockets;
using System.Security.Authentication;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>Opens connections, each within the time for it.</summary>
internal sealed class ConnectionOpener(StompClientOptions options, TimeProvider time)
{
    /// <exception cref="ConnectFailedException">It did not succeed, for the reason in its message.</exception>
    /// <exception cref="OperationCanceledException">The client is being closed.</exception>
    public async Task<StompConnection> OpenAsync(StompEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Transport? transport = null;
        try
        {
            transport = await Transport.OpenAsync(endpoint, options.Tls, options.ConnectTimeout, time, either.Token);
            var handshake = await Handshake.MakeAsync(transport.Stream, options, endpoint, either.Token);
            return new StompConnection(transport, handshake, options, time);
        }
        catch (Exception failure)
        {
            transport?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new ConnectFailedException(Reason(failure), failure);
        }
    }

    private string Reason(Exception failure) => failure switch
    {
        OperationCanceledException => $"no connection within {options.ConnectTimeout.TotalSeconds:0.###} s",
        AuthenticationException => $"TLS: {Printable.Line(failure.InnerException is null ? failure.Message : $"{failure.Message} {failure.InnerException.Message}")}",
        SocketException socket => $"{Printable.Line(socket.Message)} ({socket.SocketErrorCode})",
        _ => Printable.Line(failure.Message),
    };
}

/// <summary>An endpoint could not be connected to.</summary>
internal sealed class ConnectFailedException(string message, Exception inner) : StompException(message, inner);
