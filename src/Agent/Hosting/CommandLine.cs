namespace OpsAgent.Agent.Hosting;

/// <summary>What the program was called with.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        opsagent: the credentialed operations agent

        usage: opsagent [--config FILE] [--environment-file FILE] [--set KEY=VALUE]... [--standalone]
                        [--print-config | --print-schema | --check | --new-ledger]

          --config FILE     settings and capabilities (default: ../agents/prodops.toml beside the program)
          --environment-file FILE
                            KEY=VALUE lines over the environment, taken literally: no quotes, no escapes, no shell. Blank
                            lines and those that begin with # or ; are skipped
          --set KEY=VALUE   one setting, over file and environment; KEY as --print-config shows it, for example broker.port=61613
          --standalone      start a broker inside the agent and take requests from it: for first use and for trials. It listens on
                            127.0.0.1 alone, on ACTIVEMQ_PORT (0: a free one; the log and opsctl status tell it), and lets in
                            ACTIVEMQ_USER with ACTIVEMQ_PASSWORD. What it holds is in memory, and gone when the agent ends
          --print-config    print every setting in force with its origin, and exit
          --print-schema    print the JSON Schema of the configuration file, for editors, and exit
          --check           check settings and capabilities, print every error, and exit (0 or 78)
          --end-leftovers UNIT
                            for ExecStopPost= of that systemd unit: end what doers have left behind, if it was stopped on purpose,
                            and exit
          --new-ledger      set a broken ledger aside, under a name with the time, make a new one, and exit. Refused (64) while the
                            ledger is not broken. What waits in the broken one is not run
          --version         print the version, and exit
          --help            print this, and exit

        exit: 0 stopped, 1 failed (worth another start), 64 wrong usage, 75 another instance holds the state, 78 wrong configuration, 100 stopped by a bus message
        """;

    public string? ConfigFile { get; private init; }

    /// <summary>The same, or the one that is shipped with the agent.</summary>
    public string ConfigPath => Path.GetFullPath(ConfigFile ?? Path.Combine(AppContext.BaseDirectory, "..", "agents", "prodops.toml"));

    /// <summary>Its lines win over the environment; null: none.</summary>
    public string? EnvironmentFile { get; private init; }

    /// <summary>The unit whose leftovers are to end.</summary>
    public string Unit { get; private init; } = "";

    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; private init; } = [];

    public CommandAction Action { get; private init; }

    /// <summary>What is wrong with the call; null if nothing is.</summary>
    public string? Error { get; private init; }

    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        string? config = null, environment = null;
        var unit = "";
        var settings = new List<KeyValuePair<string, string>>();
        var action = CommandAction.Run;
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = Split(args[i]);
            switch (name)
            {
                case "--config" or "--set" or "--environment-file" or "--end-leftovers":
                    if (inline is null && ++i >= args.Count)
                    {
                        return new CommandLine { Error = $"{name} needs a value" };
                    }

                    var value = inline ?? args[i];
                    if (name == "--config")
                    {
                        config = value;
                    }
                    else if (name == "--environment-file")
                    {
                        environment = value;
                    }
                    else if (name == "--end-leftovers")
                    {
                        (action, unit) = (CommandAction.EndLeftovers, value);
                    }
                    else if (value.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
                    {
                        settings.Add(new(value[..at], value[(at + 1)..]));
                    }
                    else
                    {
                        return new CommandLine { Error = $"--set wants KEY=VALUE, not '{value}'" };
                    }

                    break;
                case "--standalone" when inline is null: settings.Add(new(AgentSettings.Standalone.Key, "true")); break;
                case "--print-config" when inline is null: action = CommandAction.PrintConfig; break;
                case "--print-schema" when inline is null: action = CommandAction.PrintSchema; break;
                case "--check" when inline is null: action = CommandAction.Check; break;
                case "--new-ledger" when inline is null: action = CommandAction.NewLedger; break;
                case "--version" when inline is null: action = CommandAction.Version; break;
                case "--help" or "-h" when inline is null: action = CommandAction.Help; break;
                default: return new CommandLine { Error = $"'{args[i]}' is not understood" };
            }
        }

        return new CommandLine { ConfigFile = config, EnvironmentFile = environment, Unit = unit, Settings = settings, Action = action };
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var at = arg.IndexOf('=', StringComparison.Ordinal);
        return arg.StartsWith("--", StringComparison.Ordinal) && at > 0 ? (arg[..at], arg[(at + 1)..]) : (arg, null);
    }
}

/// <summary>What the program is to do.</summary>
internal enum CommandAction
{
    Run = 0,
    PrintConfig = 1,
    Check = 2,
    Version = 3,
    Help = 4,
    PrintSchema = 5,
    EndLeftovers = 6,
    NewLedger = 7,
}
