using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>
/// The agent's line to the broker, which sees each ping go to the agent and each pong come from it: how long the agent itself took,
/// whatever waited before it in the broker. Pings are answered in their order. It is a program on the same machine: what its own two
/// threads wait for a processor is counted too. Once the agent's kernel has a frame, it has arrived.
/// </summary>
internal sealed class PongLine : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private readonly int _target;
    private readonly List<long> _unanswered = [];
    private List<double> _took = [];

    private PongLine(int target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        InThread(Accept);
    }

    public int Port { get; }

    public static PongLine To(int port) => new(port);

    /// <summary>Milliseconds from the arrival of the last ping that was answered, at the agent, to its pong's leaving it.</summary>
    public double Last
    {
        get
        {
            lock (_gate)
            {
                return _took[^1];
            }
        }
    }

    /// <summary>The same of all pings since the last call, in their order.</summary>
    public IReadOnlyList<double> Take()
    {
        lock (_gate)
        {
            var took = _took;
            _took = [];
            return took;
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _listener.Dispose();
            _open.ForEach(static s => s.Dispose());
        }

        return ValueTask.CompletedTask;
    }

    // Threads of its own: what else the tests do in their pool is no delay of the agent's.
    private static void InThread(Action what) => new Thread(() =>
    {
        try
        {
            what();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side has ended, or the test.
        }
    })
    { IsBackground = true }.Start();

    private void Accept()
    {
        while (true)
        {
            var agent = _listener.Accept();
            var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            broker.Connect(IPAddress.Loopback, _target);
            agent.NoDelay = true;
            // So that what the agent's kernel does not take waits in the broker, and not here.
            agent.SendBufferSize = 8 * 1024;
            lock (_gate)
            {
                _unanswered.Clear();
                _open.AddRange([agent, broker]);
            }

            InThread(() => Copy(broker, agent, "\"health_ping\""u8.ToArray(), Arriving, Arrived));
            InThread(() => Copy(agent, broker, "\"pong\""u8.ToArray(), Answered, static _ => { }));
        }
    }

    private void Arriving(int pings)
    {
        lock (_gate)
        {
            _unanswered.AddRange(Enumerable.Repeat(Stopwatch.GetTimestamp(), pings));
        }
    }

    /// <summary>The agent's kernel has them; pongs may have come meanwhile.</summary>
    private void Arrived(int pings)
    {
        lock (_gate)
        {
            for (var i = Math.Max(0, _unanswered.Count - pings); i < _unanswered.Count; i++)
            {
                _unanswered[i] = Stopwatch.GetTimestamp();
            }
        }
    }

    private void Answered(int pongs)
    {
        lock (_gate)
        {
            foreach (var at in _unanswered.Take(pongs))
            {
                _took.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }

            _unanswered.RemoveRange(0, Math.Min(pongs, _unanswered.Count));
        }
    }

    private static void Copy(Socket from, Socket to, byte[] mark, Action<int> before, Action<int> after)
    {
        using (from)
        using (to)
        {
            // Small, so that a frame is not told to have come only when many behind it have.
            var buffer = new byte[4 * 1024];
            var kept = 0;
            while (from.Receive(buffer.AsSpan(kept)) is > 0 and var count)
            {
                // A mark may come in two pieces: what was passed on behind the last one is looked at once more.
                var all = buffer.AsSpan(0, kept + count);
                var found = all.Count(mark);
                before(found);
                for (var rest = all[kept..]; rest.Length > 0; rest = rest[to.Send(rest)..])
                {
                    // A socket may take less than all.
                }

                after(found);
                var end = found > 0 ? all.LastIndexOf(mark) + mark.Length : 0;
                kept = Math.Min(mark.Length - 1, all.Length - end);
                all[^kept..].CopyTo(buffer);
            }
        }
    }
}
