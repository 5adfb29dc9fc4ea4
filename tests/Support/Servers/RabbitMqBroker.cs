using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>
/// A private RabbitMQ with its STOMP plugin: node name, data, ports and Erlang's port mapper (epmd) are its own, and all on loopback.
/// It is slow to start, so tests share one.
/// </summary>
public sealed class RabbitMqBroker : IAsyncDisposable
{
    public const string Login = "ops";
    public const string Passcode = "ops-secret";

    /// <summary>RabbitMQ takes the host header of CONNECT as this.</summary>
    public const string VirtualHost = "contract";

    // Not what stands in the path: that one is a wrapper, which changes to the rabbitmq user and to the system's own folders.
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string PortMapper = "/usr/bin/epmd";

    // Some 5 s on two idle cores.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("opsagent-rabbitmq-").FullName;
    private ChildProcess? _portMapper;
    private ChildProcess? _server;

    private RabbitMqBroker()
    {
    }

    /// <summary>STOMP over plain TCP, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Returns when the STOMP port accepts.</summary>
    public static async Task<RabbitMqBroker> StartAsync()
    {
        if (!File.Exists(Server))
        {
            throw new InvalidOperationException("RabbitMQ is missing: apt-get install --no-install-recommends rabbitmq-server");
        }

        for (var attempt = 1; ; attempt++)
        {
            var broker = new RabbitMqBroker();
            try
            {
                await broker.StartOnceAsync();
                return broker;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Somebody else took a port between our looking and the broker's binding.
                await broker.DisposeAsync();
            }
            catch
            {
                await broker.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Ends both programs at once and removes what they wrote.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_portMapper is not null)
        {
            await _portMapper.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartOnceAsync()
    {
        var ports = FreePort.Several(4);
        Port = ports[0];
        var environment = WriteConfiguration(amqp: ports[1], distribution: ports[2], portMapper: ports[3]);

        // RabbitMQ would start one as a daemon that outlives it; one that is there already it takes.
        _portMapper = ChildProcess.Start(PortMapper, ["-port", $"{ports[3]}", "-address", "127.0.0.1"], environment);
        await ReadyAsync(_portMapper, ports[3], "epmd");
        _server = ChildProcess.Start(Server, ["-noinput"], environment);
        await ReadyAsync(_server, Port, "RabbitMQ");
    }

    private static async Task ReadyAsync(ChildProcess process, int port, string name)
    {
        var accepts = false;
        await Eventually.HoldsAsync(() => process.HasExited || (accepts = FreePort.IsTaken(port)), () => $"{name} ready; it wrote: {process.Output}", StartLimit);
        if (!accepts)
        {
            throw new InvalidOperationException($"{name} did not start: {process.Output}");
        }
    }

    private Dictionary<string, string> WriteConfiguration(int amqp, int distribution, int portMapper)
    {
        string In(string name) => Path.Combine(_folder, name);

        File.WriteAllText(In("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{amqp}
            stomp.listeners.tcp.1 = 127.0.0.1:{Port}
            default_user = {Login}
            default_pass = {Passcode}
            default_vhost = {VirtualHost}
            log.console = false
            # What is free on the machine is not the tests' matter.
            disk_free_limit.absolute = 1MB

            """);
        File.WriteAllText(In("plugins"), "[rabbitmq_stomp].\n");
        return new()
        {
            // Erlang's cookie is kept there: nobody else's node can join.
            ["HOME"] = _folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{portMapper}",
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("plugins"),
            ["RABBITMQ_MNESIA_BASE"] = In("data"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_NODENAME"] = $"opsagent-{Path.GetFileName(_folder).Split('-')[^1]}@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{distribution}",
            ["RABBITMQ_SERVER_START_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",

            // Makes the script become the Erlang machine instead of its parent: the id to end is the id that was started.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
        };
    }
}
