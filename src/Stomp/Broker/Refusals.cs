using System.Net.Sockets;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>Connections beyond the limit: they are told so, as long as there are not too many to tell, and closed.</summary>
internal sealed class Refusals(int maxConnections, TimeProvider time, CancellationToken stop)
{
    private const int MostAtOnce = 64;

    private readonly HashSet<Task> _running = [];

    /// <summary>Completes when all that are being told now have been told.</summary>
    public Task Running
    {
        get
        {
            lock (_running)
            {
                return Task.WhenAll(_running);
            }
        }
    }

    public void Add(Socket socket)
    {
        lock (_running)
        {
            _running.RemoveWhere(t => t.IsCompleted);
            if (_running.Count < MostAtOnce)
            {
                _running.Add(Task.Run(() => TellAsync(socket), CancellationToken.None));
                return;
            }
        }

        socket.Dispose();
    }

    private async Task TellAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var error = new SendBuffer();
                ServerFrames.Error(error, StompVersion.V10, $"too many connections: the broker serves {maxConnections}", receipt: null, versions: null);
                await socket.SendAsync(error.Written, SocketFlags.None, stop);
                await Farewell.SayAsync(socket, time, stop);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // It did not wait for the reason.
            }
        }
    }
}
