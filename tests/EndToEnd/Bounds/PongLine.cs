using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>
/// The agent's line to the broker, which sees each ping go to the agent and each pong come from it: how long the agent itself took,
/// whatever waited before it in the broker. For pings that are sent one at a time.
/// </summary>
internal sealed class PongLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<double> _took = [];
    private readonly int _target;
    private readonly Task _running;
    private long _pingAt;

    private PongLine(int target)
    {
        _target = target;
        _listener.Start();
        _running = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>So far, in milliseconds from the frame's arrival at the agent.</summary>
    public PingTimes Times
    {
        get
        {
            lock (_took)
            {
                return new PingTimes([.. _took.Order()]);
            }
        }
    }

    public static PongLine To(int port) => new(port);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var agent = await _listener.AcceptTcpClientAsync();
            var broker = new TcpClient { NoDelay = true };
            await broker.ConnectAsync(IPAddress.Loopback, _target);
            agent.NoDelay = true;
            // So that what the agent has not read yet waits in the broker, and not here or in the kernel.
            agent.SendBufferSize = 8 * 1024;
            _ = CopyAsync(broker, agent, "\"health_ping\""u8.ToArray(), () => Interlocked.Exchange(ref _pingAt, Stopwatch.GetTimestamp()));
            _ = CopyAsync(agent, broker, "\"pong\""u8.ToArray(), Answered);
        }
    }

    private void Answered()
    {
        if (Interlocked.Exchange(ref _pingAt, 0) is not 0 and var at)
        {
            lock (_took)
            {
                _took.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, byte[] mark, Action seen)
    {
        using (from)
        using (to)
        {
            var buffer = new byte[16 * 1024];
            var kept = 0;
            try
            {
                while (await from.GetStream().ReadAsync(buffer.AsMemory(kept)) is > 0 and var count)
                {
                    // A mark may come in two pieces: the end of what was passed on is looked at once more.
                    var all = buffer.AsMemory(0, kept + count);
                    var found = all.Span.IndexOf(mark) >= 0;
                    await to.GetStream().WriteAsync(all[kept..]);
                    if (found)
                    {
                        seen();
                    }

                    kept = found ? 0 : Math.Min(mark.Length - 1, all.Length);
                    all[^kept..].CopyTo(buffer);
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
            {
                // One side has ended.
            }
        }
    }
}
