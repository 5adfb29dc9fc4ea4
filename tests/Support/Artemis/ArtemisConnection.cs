using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;

namespace OpsAgent.Tests.Support.Artemis;

/// <summary>A client's socket: the handshake's limit, the time to live, what is read and what is written.</summary>
internal sealed class ArtemisConnection : IAsyncDisposable
{
    /// <summary>So many bytes show what protocol it is; until then the handshake's limit runs.</summary>
    private const int FirstBytes = 8;

    private readonly Socket _socket;
    private readonly ArtemisServer _server;
    private readonly ArtemisOptions _options;
    private readonly TimeProvider _time;
    private readonly ArtemisSession _session;
    private readonly ScriptedStompReader _reader;
    private readonly Channel<byte[]> _output = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closed = new();
    private readonly List<ITimer> _timers = [];
    private readonly bool _stalls;
    private Stream _stream;
    private Task _running = Task.CompletedTask;
    private long _lastRead;
    private long _bytesRead;

    /// <param name="socket">Accepted just now.</param>
    /// <param name="number">Its number.</param>
    /// <param name="server">Whose it is.</param>
    /// <param name="store">What it serves.</param>
    /// <param name="options">The limits.</param>
    /// <param name="time">Runs them.</param>
    /// <param name="stalls">Nothing that the client sends comes through until the handshake's limit ends it.</param>
    public ArtemisConnection(Socket socket, int number, ArtemisServer server, ArtemisStore store, ArtemisOptions options, TimeProvider time, bool stalls)
    {
        (_socket, Number, _server, _options, _time, _stalls) = (socket, number, server, options, time, stalls);
        _stream = new NetworkStream(socket, ownsSocket: true);
        _session = new ArtemisSession(store, options, this);
        _reader = new ScriptedStompReader(frame =>
        {
            server.Received(frame);
            _session.Handle(frame);
        });
    }

    public int Number { get; }

    public int HeartBeats => _reader.HeartBeats;

    public long BytesRead => Volatile.Read(ref _bytesRead);

    public bool IsOpen => !_closed.IsCancellationRequested;

    public void Start() => _running = RunAsync();

    /// <summary>Queues a frame.</summary>
    public void Write(byte[] frame) => _output.Writer.TryWrite(frame);

    /// <summary>The last frame has been queued: after it this side closes.</summary>
    public void CloseAfterWriting()
    {
        _session.End();
        _output.Writer.TryComplete();
    }

    public void Told(string error) => _server.Told(error);

    /// <summary>Says ERROR, then closes.</summary>
    public void Fail(string message) => _session.Fail(message);

    /// <summary>Ends with a reset, as a killed broker's kernel does.</summary>
    public void Drop()
    {
        if (IsOpen)
        {
            try
            {
                _socket.LingerState = new LingerOption(true, 0);
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself just now.
            }

            Close();
        }
    }

    /// <summary>Begins to ping, and to watch for silence.</summary>
    public void Watch(ArtemisHeartBeat heartBeat)
    {
        if (heartBeat.Ping > TimeSpan.Zero)
        {
            _timers.Add(_time.CreateTimer(_ => Write("\n"u8.ToArray()), null, heartBeat.Ping, heartBeat.Ping));
        }

        _timers.Add(_time.CreateTimer(_ => EndIfSilent(heartBeat.Ttl), null, heartBeat.Ttl / 4, heartBeat.Ttl / 4));
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await _running;
        await _stream.DisposeAsync();
        _closed.Dispose();
    }

    private void Close()
    {
        _session.End();
        _output.Writer.TryComplete();
        _closed.Cancel();
        _socket.Dispose();
    }

    private void EndIfSilent(TimeSpan ttl)
    {
        if (IsOpen && _time.GetElapsedTime(Volatile.Read(ref _lastRead)) > ttl)
        {
            Fail($"AMQ229014: Did not receive data from the client within the {ttl.TotalMilliseconds:0}ms connection TTL. The connection will now be closed.");
        }
    }

    private async Task RunAsync()
    {
        var writing = WriteAsync();
        using var handshake = new CancellationTokenSource(_options.HandshakeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(handshake.Token, _closed.Token);
        try
        {
            await OpenAsync(either.Token);
            var buffer = new byte[64 * 1024];
            while (await _stream.ReadAsync(buffer, BytesRead < FirstBytes ? either.Token : _closed.Token) is > 0 and var count)
            {
                Volatile.Write(ref _lastRead, _time.GetTimestamp());
                _reader.Add(buffer.AsSpan(0, count));
                Interlocked.Add(ref _bytesRead, count);
            }
        }
        catch (OperationCanceledException) when (handshake.IsCancellationRequested && IsOpen)
        {
            _server.HandshakeTimedOut();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            // The client went, the test dropped it, or the client does not trust this server.
        }

        foreach (var timer in _timers)
        {
            await timer.DisposeAsync();
        }

        Close();
        await writing;
    }

    private async Task OpenAsync(CancellationToken limit)
    {
        if (_stalls)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, limit);
        }

        if (_options.Certificate is { } certificate)
        {
            var secure = new SslStream(_stream);
            _stream = secure;
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, limit);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var frame in _output.Reader.ReadAllAsync(_closed.Token))
            {
                await _stream.WriteAsync(frame, _closed.Token);
            }

            // Only this half: a client whose last frames were not read would see a reset, and lose the ERROR that came before.
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went, or the test dropped it; reading says so too.
        }
    }
}
