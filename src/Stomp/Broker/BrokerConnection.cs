using System.Globalization;
using System.Net.Sockets;
using OpsAgent.Stomp.Connection;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>One client, from the opening of its connection to its close.</summary>
internal sealed class BrokerConnection : IDisposable
{
    private const int LargestConnectBody = 1024;
    private const int MostConnectHeaders = 64;
    private const int LargestConnectHeaders = 16 * 1024;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly BrokerCore _core;
    private readonly Admission _admission;
    private readonly StompBrokerOptions _options;
    private readonly ConnectionOutput _output;
    private readonly FrameReader _input;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IdleTimer> _timers = [];
    private Session? _session;
    private string? _expelled;
    private string? _end;

    public BrokerConnection(Socket socket, BrokerCore core, Admission admission, StompBrokerOptions options)
    {
        (_socket, _core, _admission, _options) = (socket, core, admission, options);
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _output = new ConnectionOutput(_stream, core, End);
        _input = new FrameReader(_stream, socket, core.Time) { Decoder = new FrameDecoder(ConnectLimits(options.Limits), skipsLargeBodies: false) };
        _timers.Add(new IdleTimer(
            core.Time,
            options.WriteTimeout,
            () => _output.LastProgress,
            () => End($"took nothing for {Seconds(options.WriteTimeout)} s")));
    }

    /// <summary>What ended it if it was neither the client, the network nor its owner: a defect.</summary>
    public Exception? Defect { get; private set; }

    /// <summary>Serves the client until its end, and returns why it ended. Never throws.</summary>
    public async Task<string> RunAsync()
    {
        try
        {
            await ServeAsync();
            await _output.Finished;
            await Farewell.SayAsync(_socket, _core.Time, _stop.Token);
        }
        catch (Exception failure)
        {
            // Whatever it was, it is the end of this connection and of nothing else. What was being written is known to be lost, or not,
            // only when the writing has ended: so that goes back together with the rest.
            Defect = failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException ? null : failure;
            End(Printable.Line(failure.Message));
            await _output.Finished;
        }
        finally
        {
            Leave();
        }

        return _end ?? "closed";
    }

    /// <summary>Ends the connection at once.</summary>
    public void End(string reason)
    {
        Interlocked.CompareExchange(ref _end, reason, null);
        _socket.Dispose();
    }

    /// <summary>Gives back what it held; not before <see cref="RunAsync"/> has returned.</summary>
    public void Dispose()
    {
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }

        _stream.Dispose();
        _input.Complete();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            await ConnectAsync();
            while (await _input.ReadAsync(_stop.Token) is { } frame && Handle(frame))
            {
                var room = _output.WaitForRoomAsync();
                if (!room.IsCompletedSuccessfully)
                {
                    await room.WaitAsync(_stop.Token);
                }
            }

            Leave();
        }
        catch (FrameRefusedException refused)
        {
            Refuse(refused.Message, refused.Receipt, refused.Versions);
        }
        catch (StompProtocolException broken)
        {
            Refuse(broken.Message, _input.Decoder.Receipt, versions: null);
        }
        catch (OperationCanceledException) when (_expelled is not null)
        {
            Refuse(_expelled, receipt: null, versions: null);
        }
        finally
        {
            _output.Close();
        }
    }

    private async Task ConnectAsync()
    {
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _core.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            if (await _input.ReadAsync(either.Token) is { } frame)
            {
                Connect(frame);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new FrameRefusedException($"no complete CONNECT frame within {Seconds(_options.ConnectTimeout)} s");
        }
    }

    private void Connect(StompFrame frame)
    {
        var (version, heartBeat) = _admission.Admit(frame);
        var id = Guid.NewGuid().ToString("N")[..12];
        _output.Post((version, id, _admission.Offer), static (o, s) => ServerFrames.Connected(o, s.version, s.id, s.Offer));
        _session = new Session(_core, _output, version, id, Expel);
        lock (_core.Gate)
        {
            _output.Agree(_session);
        }

        _input.Decoder = new FrameDecoder(FrameLimits(_options.Limits), skipsLargeBodies: false) { Version = version };
        if (heartBeat.Send > TimeSpan.Zero)
        {
            // Well before the promised time is over, since timers and networks are late.
            _timers.Add(new IdleTimer(_core.Time, heartBeat.Send * 0.6, () => _output.LastWrite, _output.PostHeartBeat));
        }

        if (heartBeat.Receive > TimeSpan.Zero)
        {
            var silence = heartBeat.LongestSilence;
            _timers.Add(new IdleTimer(_core.Time, silence, () => _input.LastSignOfLife, () => End($"silent for {Seconds(silence)} s")));
        }
    }

    private bool Handle(StompFrame frame)
    {
        try
        {
            return (_session ?? throw new InvalidOperationException("frames are handled after CONNECT")).Handle(frame);
        }
        catch (FrameRefusedException refused)
        {
            refused.Receipt = frame.Headers.Get(KnownHeaders.Receipt);
            throw;
        }
    }

    private void Refuse(string reason, string? receipt, string? versions)
    {
        // What the client had goes back first: when it sees the ERROR, others may have it already.
        Leave();
        _end ??= $"refused: {Printable.Line(reason)}";
        _output.Post(
            (_output.Version, reason, receipt, versions),
            static (o, s) => ServerFrames.Error(o, s.Version, s.reason, s.receipt, s.versions));
    }

    /// <summary>Ends a connection with an ERROR, from any thread, under the broker's lock too.</summary>
    private void Expel(string reason)
    {
        if (Interlocked.CompareExchange(ref _expelled, reason, null) is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static c => c.StopReading(), this, preferLocal: false);
        }
    }

    private void StopReading()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    private void Leave()
    {
        lock (_core.Gate)
        {
            _session?.Leave();
        }
    }

    // Nobody is known yet, so little is kept of what comes.
    private static StompLimits ConnectLimits(StompBrokerLimits limits) => new()
    {
        MaxHeaders = Math.Min(MostConnectHeaders, limits.MaxHeaders),
        MaxHeaderBytes = Math.Min(LargestConnectHeaders, limits.MaxHeaderBytes),
        MaxBodyBytes = Math.Min(LargestConnectBody, limits.MaxBodyBytes),
    };

    private static StompLimits FrameLimits(StompBrokerLimits limits) => new()
    {
        MaxHeaders = limits.MaxHeaders,
        MaxHeaderBytes = limits.MaxHeaderBytes,
        MaxBodyBytes = limits.MaxBodyBytes,
    };

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
