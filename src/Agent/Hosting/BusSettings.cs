using System.Net;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;

namespace OpsAgent.Agent.Hosting;

/// <summary>Makes the connection's options, and refuses what would send the passcode in the clear.</summary>
internal static class BusSettings
{
    /// <summary>Held deliveries keep their headers too, thousands at a time.</summary>
    private const int MaxHeaderBytes = 8 * 1024;

    /// <summary>Reads valid settings; adds to <paramref name="errors"/> what does not go together.</summary>
    /// <returns>The connection, and the broker to start inside the agent for it; null: none.</returns>
    public static (BusOptions Bus, StompBrokerOptions? OwnBroker) Read(EffectiveConfiguration settings, List<string> errors)
    {
        var heartBeat = Duration.Parse(settings[AgentSettings.HeartBeat]);
        var before = errors.Count;
        var endpoints = Endpoints(settings, errors);
        var own = OwnBrokerSettings.Read(settings, endpoints, errors);
        if (own is not null)
        {
            endpoints = [OwnBrokerSettings.Placeholder];
        }

        var options = new BusOptions
        {
            Connection = new StompClientOptions
            {
                Endpoints = endpoints,
                Login = NullIfEmpty(settings[AgentSettings.User]),
                Passcode = NullIfEmpty(settings[AgentSettings.Password]),
                VirtualHost = NullIfEmpty(settings[AgentSettings.VirtualHost]),
                ClientId = NullIfEmpty(settings[AgentSettings.ClientId]),
                HeartBeatSend = heartBeat,
                HeartBeatReceive = heartBeat,
                ConnectTimeout = Duration.Parse(settings[AgentSettings.ConnectTimeout]),
                Tls = own is null ? Tls(settings, endpoints, errors) : null,
                Limits = new StompLimits
                {
                    MaxBodyBytes = JsonText.MaxBytes,
                    MaxHeaderBytes = MaxHeaderBytes,
                    // All that ActiveMQ hands out ahead is read: no ping among it waits where it can't be seen.
                    MaxWaitingMessages = int.Parse(settings[AgentSettings.WindowMessages]) + 1,
                },
            },
            Queue = settings[AgentSettings.Queue],
            WindowMessages = int.Parse(settings[AgentSettings.WindowMessages]),
            WindowBytes = long.Parse(settings[AgentSettings.WindowBytes]),
            Exclusive = AgentOptions.IsTrue(settings[AgentSettings.Exclusive]),
            VouchesForSenders = AgentOptions.IsTrue(settings[AgentSettings.Vouches]),
            HasStandby = AgentOptions.IsTrue(settings[AgentSettings.HasStandby]),
        };
        if (errors.Count == before)
        {
            Check(options.Connection, errors);
        }

        return (options, own);
    }

    /// <summary>What only the client itself can tell, such as a CA file that holds no certificate.</summary>
    private static void Check(StompClientOptions connection, List<string> errors)
    {
        try
        {
            connection.Check();
        }
        catch (ArgumentException e)
        {
            errors.Add($"broker: {e.Message}");
        }
    }

    private static StompTlsOptions? Tls(EffectiveConfiguration settings, IReadOnlyList<StompEndpoint> endpoints, List<string> errors)
    {
        if (!AgentOptions.IsTrue(settings[AgentSettings.UseSsl]))
        {
            RefusePlaintext(settings, endpoints, errors);
            return null;
        }

        foreach (var setting in (ReadOnlySpan<Setting>)[AgentSettings.CaCerts, AgentSettings.CertFile, AgentSettings.KeyFile])
        {
            if (settings[setting] is { Length: > 0 } file && !File.Exists(file))
            {
                errors.Add($"{setting.Key}: there is no file {file}");
            }
        }

        if (settings[AgentSettings.CaCerts].Length == 0)
        {
            errors.Add("broker.use_ssl is on but broker.ca_certs (ACTIVEMQ_SSL_CA_CERTS) names no CA file: the agent never falls back to plain text");
            return null;
        }

        if (settings[AgentSettings.CertFile].Length == 0 != (settings[AgentSettings.KeyFile].Length == 0))
        {
            errors.Add("broker.cert_file and broker.key_file go together: one of them is missing");
        }

        return new StompTlsOptions
        {
            CaFile = settings[AgentSettings.CaCerts],
            ClientCertificateFile = NullIfEmpty(settings[AgentSettings.CertFile]),
            ClientKeyFile = NullIfEmpty(settings[AgentSettings.KeyFile]),
        };
    }

    private static void RefusePlaintext(EffectiveConfiguration settings, IReadOnlyList<StompEndpoint> endpoints, List<string> errors)
    {
        foreach (var endpoint in endpoints)
        {
            if (!IsLoopback(endpoint.Host) && endpoint.Host != settings[AgentSettings.AllowPlaintext])
            {
                errors.Add($"broker.host: {endpoint.Host} is not this machine, and broker.use_ssl is off: set it, or OPSAGENT_ALLOW_PLAINTEXT={endpoint.Host} to send the passcode in the clear");
            }
        }
    }

    private static List<StompEndpoint> Endpoints(EffectiveConfiguration settings, List<string> errors)
    {
        var endpoints = new List<StompEndpoint>();
        var defaultPort = int.TryParse(settings[AgentSettings.Port], out var given) ? given : 0;
        foreach (var part in settings[AgentSettings.Host].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // An address with colons of its own stands in brackets when a port follows.
            var colon = part.LastIndexOf(':');
            var hasPort = colon > 0 && (part.IndexOf(':', StringComparison.Ordinal) == colon || part[colon - 1] == ']');
            var port = defaultPort;
            if (hasPort && (!int.TryParse(part.AsSpan(colon + 1), out port) || port is < 1 or > 65535))
            {
                errors.Add($"broker.host: '{part}' has no valid port");
            }

            if (colon == 0)
            {
                errors.Add($"broker.host: '{part}' names no host");
            }

            endpoints.Add(new StompEndpoint((hasPort ? part[..colon] : part).Trim('[', ']'), port));
        }

        if (endpoints.Count == 0)
        {
            errors.Add("broker.host names no host");
        }

        return endpoints;
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
