using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;

namespace OpsAgent.Agent.Hosting;

/// <summary>The broker inside the agent: what it is to be, and what does not go with it.</summary>
internal static class OwnBrokerSettings
{
    /// <summary>Stands for its endpoint until it listens: its port is not known before.</summary>
    public static readonly StompEndpoint Placeholder = new("127.0.0.1", 1);

    /// <summary>Null: there is to be none.</summary>
    public static StompBrokerOptions? Read(EffectiveConfiguration settings, IReadOnlyList<StompEndpoint> endpoints, List<string> errors)
    {
        if (!AgentOptions.IsTrue(settings[AgentSettings.Standalone]))
        {
            if (endpoints.Any(e => e.Port == 0))
            {
                errors.Add("broker.port is 0, which stands for a free port of the agent's own broker: it goes with --standalone only");
            }

            return null;
        }

        if (endpoints is not [{ Host: "localhost" or "127.0.0.1" }])
        {
            errors.Add($"broker.host is '{settings[AgentSettings.Host]}', but with --standalone the broker is inside the agent, on 127.0.0.1: "
                + "unset ACTIVEMQ_HOST (or make it localhost), or leave --standalone out");
        }

        if (AgentOptions.IsTrue(settings[AgentSettings.UseSsl]))
        {
            errors.Add("broker.use_ssl is on, but the broker of --standalone speaks no TLS, and nobody else hears it on loopback: "
                + "unset ACTIVEMQ_USE_SSL, or leave --standalone out");
        }

        var user = settings[AgentSettings.User];
        return new StompBrokerOptions
        {
            Port = endpoints.Count > 0 ? endpoints[0].Port : 0,
            Users = user.Length == 0 ? new Dictionary<string, string>() : new() { [user] = settings[AgentSettings.Password] },
        };
    }
}
