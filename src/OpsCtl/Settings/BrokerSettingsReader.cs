using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.Stomp;

namespace OpsAgent.OpsCtl.Settings;

/// <summary>Makes <see cref="BrokerSettings"/> of options, environment and configuration, and refuses what would leak the password.</summary>
internal static class BrokerSettingsReader
{
    public static BrokerSettings Read(ParseResult line, GlobalOptions options, Surroundings surroundings)
    {
        surroundings = FacilityFile.Over(surroundings);
        var endpoints = BrokerEndpoints.Parse(
            line.GetValue(options.Host) ?? surroundings.Variable("ACTIVEMQ_HOST") ?? "localhost",
            Port(line, options, surroundings));
        var tls = Tls(line, options, surroundings);
        if (tls is null)
        {
            RefusePlainText(endpoints, surroundings);
        }

        return new BrokerSettings
        {
            Endpoints = endpoints,
            User = line.GetValue(options.User) ?? surroundings.Variable("ACTIVEMQ_USER") ?? "admin",
            Password = Password(line, options, surroundings),
            Tls = tls,
            Queue = Destination(line.GetValue(options.Queue) ?? surroundings.Variable("EPICPROD_OPS_QUEUE") ?? "/queue/epicprod.ops"),
            SettledTopic = SettledTopic(line, options, surroundings),
            Namespace = line.GetValue(options.Namespace) ?? AgentFile.Namespace(line, options, surroundings) ?? AgentFile.DefaultNamespace,
        };
    }

    private static int Port(ParseResult line, GlobalOptions options, Surroundings surroundings)
    {
        if (line.GetValue(options.Port) is { } given)
        {
            return given;
        }

        var text = surroundings.Variable("ACTIVEMQ_PORT") ?? "61612";
        return ushort.TryParse(text, out var port) && port > 0
            ? port
            : throw Wrong($"ACTIVEMQ_PORT is '{text}'", "set it to a number from 1 to 65535");
    }

    private static string Password(ParseResult line, GlobalOptions options, Surroundings surroundings)
    {
        if (line.GetValue(options.PasswordFile) is not { } file)
        {
            return surroundings.Variable("ACTIVEMQ_PASSWORD") ?? "admin";
        }

        try
        {
            return File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"the password can't be read: {e.Message}", "name a readable file with --password-file");
        }
    }

    private static TlsSettings? Tls(ParseResult line, GlobalOptions options, Surroundings surroundings)
    {
        if (!line.GetValue(options.Tls) && !EnvironmentAsksForTls(surroundings))
        {
            return null;
        }

        var authority = line.GetValue(options.CaFile) ?? surroundings.Variable("ACTIVEMQ_SSL_CA_CERTS")
            ?? throw Wrong(
                "TLS is asked for, but there is no CA file to check the broker with",
                "name one with --ca-file or ACTIVEMQ_SSL_CA_CERTS");
        var certificate = line.GetValue(options.CertificateFile) ?? surroundings.Variable("ACTIVEMQ_SSL_CERT_FILE");
        var key = line.GetValue(options.KeyFile) ?? surroundings.Variable("ACTIVEMQ_SSL_KEY_FILE");
        foreach (var file in (string?[])[authority, certificate, key])
        {
            if (file is not null && !File.Exists(file))
            {
                throw Wrong($"{file} does not exist", "correct the path of the TLS file");
            }
        }

        return new TlsSettings(authority, certificate, key);
    }

    /// <summary>The words that the agent takes. Any other is refused: taken for no, it would send the password in plain text.</summary>
    private static bool EnvironmentAsksForTls(Surroundings surroundings) =>
        surroundings.Variable("ACTIVEMQ_USE_SSL") is { } text && text.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" => true,
            "FALSE" or "0" or "NO" => false,
            _ => throw Wrong($"ACTIVEMQ_USE_SSL is '{text}'", "set it to true or false"),
        };

    /// <summary>As the agent does: one host at most is allowed, and its name is compared as it is written.</summary>
    private static void RefusePlainText(IReadOnlyList<StompEndpoint> endpoints, Surroundings surroundings)
    {
        var allowed = surroundings.Variable("OPSAGENT_ALLOW_PLAINTEXT");
        if (endpoints.FirstOrDefault(e => !e.IsLoopback() && e.Host != allowed) is { } endpoint)
        {
            throw Wrong(
                $"the password would travel to {endpoint.Host} in plain text",
                $"use TLS (--tls --ca-file FILE), or allow this one host by name: OPSAGENT_ALLOW_PLAINTEXT={endpoint.Host}");
        }
    }

    /// <summary>A variable that is set and empty switches settlements off, as it does for the agent.</summary>
    private static string SettledTopic(ParseResult line, GlobalOptions options, Surroundings surroundings)
    {
        var topic = line.GetValue(options.SettledTopic)
            ?? (surroundings.Environment.TryGetValue("OPSAGENT_SETTLED_TOPIC", out var value) ? value : "/topic/epicprod.ops.settled");
        return topic.Length == 0 ? topic : Destination(topic);
    }

    private static string Destination(string text) =>
        (text.StartsWith("/queue/", StringComparison.Ordinal) || text.StartsWith("/topic/", StringComparison.Ordinal)) && text.Length > 7
            ? text
            : throw Wrong($"'{text}' is no destination", "write it as /queue/NAME or /topic/NAME, exactly as the agent has it");

    private static OpsCtlException Wrong(string message, string advice) => new(ExitCode.Configuration, message, advice);
}
