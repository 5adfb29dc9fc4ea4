using System.CommandLine;
using System.Globalization;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>Options that every command takes. One that is given beats the environment, which beats the default.</summary>
internal sealed class GlobalOptions
{
    public Option<OutputFormat> Output { get; } = FormatOption();

    public Option<string?> Config { get; } =
        Text("--config", "file", "the agent's configuration [OPSAGENT_CONFIG, else ../agents/prodops.toml beside this program]");

    public Option<string?> State { get; } =
        Text("--state-dir", "folder", "the agent's state folder [OPSAGENT_STATE_DIR, STATE_DIRECTORY, else opsagent in the user's state home]");

    public Option<string?> Host { get; } =
        Text("--host", "name", "the broker's host[:port], or several with commas, tried in turn [ACTIVEMQ_HOST, else localhost]");

    public Option<int?> Port { get; } = new("--port")
    {
        Description = "STOMP port of a host that is given without one [ACTIVEMQ_PORT, else 61612]",
        HelpName = "number",
        Recursive = true,
        CustomParser = static result =>
        {
            var text = result.Tokens[0].Value;
            if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
            {
                return port;
            }

            result.AddError($"--port: '{text}' must be a number from 1 to 65535");
            return null;
        },
    };

    public Option<string?> User { get; } = Text("--user", "name", "user of the broker [ACTIVEMQ_USER, else admin]");

    public Option<string?> PasswordFile { get; } =
        Text("--password-file", "file", "its first line is the password [else ACTIVEMQ_PASSWORD, else admin]");

    public Option<bool> Tls { get; } = new("--tls") { Description = "use TLS [ACTIVEMQ_USE_SSL=true, 1 or yes]", Recursive = true };

    public Option<string?> CaFile { get; } = Text("--ca-file", "file", "PEM file that the broker's chain must end in [ACTIVEMQ_SSL_CA_CERTS]");

    public Option<string?> CertificateFile { get; } = Text("--cert-file", "file", "client certificate [ACTIVEMQ_SSL_CERT_FILE]");

    public Option<string?> KeyFile { get; } = Text("--key-file", "file", "its key [ACTIVEMQ_SSL_KEY_FILE]");

    public Option<string?> Queue { get; } =
        Text("--queue", "destination", "the agent's queue [EPICPROD_OPS_QUEUE, else /queue/epicprod.ops]");

    public Option<string?> SettledTopic { get; } =
        Text("--settled-topic", "destination", "where settlements go [OPSAGENT_SETTLED_TOPIC, else /topic/epicprod.ops.settled]");

    public Option<string?> Namespace { get; } = Text("--namespace", "name", "of the agent [the configuration's testbed.namespace, else prodops]");

    public void AddTo(RootCommand root)
    {
        foreach (var option in (Option[])[
            Output, Config, State, Host, Port, User, PasswordFile, Tls, CaFile, CertificateFile, KeyFile, Queue, SettledTopic, Namespace])
        {
            root.Options.Add(option);
        }
    }

    private static Option<OutputFormat> FormatOption()
    {
        string[] words = ["text", "json"];
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = "text for people, json for programs",
            HelpName = "text|json",
            DefaultValueFactory = _ => OutputFormat.Text,
            Recursive = true,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!words.Contains(text))
                {
                    result.AddError(ChoiceText.Mistake("--output", text, words));
                }

                return text == "json" ? OutputFormat.Json : OutputFormat.Text;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Recursive = true };
}
