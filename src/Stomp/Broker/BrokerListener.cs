using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace OpsAgent.Stomp.Broker;

/// <summary>The port, on the loopback interface and no other, and the connections that came by it.</summary>
internal sealed partial class BrokerListener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly StompBrokerOptions _options;
    private readonly BrokerCore _core;
    private readonly ILogger _logger;
    private readonly Admission _admission;
    private readonly Refusals _refusals;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<BrokerConnection, Task> _connections = [];
    private Task _accepting = Task.CompletedTask;
    private Task? _stopped;
    private long _accepted;
    private bool _full;

    /// <exception cref="SocketException">It can't listen on the port.</exception>
    public BrokerListener(StompBrokerOptions options, BrokerCore core, ILogger logger)
    {
        (_options, _core, _logger, _admission) = (options, core, logger, new Admission(options));
        _refusals = new Refusals(options.Limits.MaxConnections, core.Time, _stop.Token);
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
            _socket.Listen();
        }
        catch
        {
            _socket.Dispose();
            _stop.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public int Port { get; }

    public int Connections
    {
        get
        {
            lock (_connections)
            {
                return _connections.Count;
            }
        }
    }

    public void Start() => _accepting = Task.Run(AcceptAllAsync);

    public async ValueTask DisposeAsync()
    {
        Task stopped;
        lock (_connections)
        {
            stopped = _stopped ??= StopAsync();
        }

        await stopped;
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _accepting;
        List<KeyValuePair<BrokerConnection, Task>> open;
        lock (_connections)
        {
            open = [.. _connections];
        }

        open.ForEach(c => c.Key.End("the broker stops"));
        await Task.WhenAll([.. open.Select(c => c.Value), _refusals.Running]);
        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stop.Token);
                if (!TryServe(socket))
                {
                    _refusals.Add(socket);
                }
            }
            catch (Exception failure) when (!_stop.IsCancellationRequested)
            {
                // Out of descriptors, or the client went before it was accepted: the next one may do better.
                LogAcceptFailed(failure);
                await Task.Delay(PauseAfterFailure, _core.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }

    private bool TryServe(Socket socket)
    {
        lock (_connections)
        {
            var wasFull = _full;
            _full = _connections.Count >= _options.Limits.MaxConnections;
            if (_full)
            {
                if (!wasFull)
                {
                    LogTooMany(_options.Limits.MaxConnections);
                }

                return false;
            }

            var number = ++_accepted;
            var connection = new BrokerConnection(socket, _core, _admission, _options);
            _connections.Add(connection, Task.CompletedTask);
            _connections[connection] = Task.Run(() => ServeAsync(connection, number));
            return true;
        }
    }

    private async Task ServeAsync(BrokerConnection connection, long number)
    {
        try
        {
            LogEnded(number, await connection.RunAsync());
            if (connection.Defect is { } defect)
            {
                LogDefect(defect, number);
            }
        }
        finally
        {
            connection.Dispose();
            lock (_connections)
            {
                _connections.Remove(connection);
            }
        }
    }
}
