using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.OpsCtl.Terminal;

namespace OpsAgent.OpsCtl;

/// <summary>Everything that a command takes from outside its command line, so that a test can run one whole in process.</summary>
internal sealed record Surroundings
{
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Standard input, opened when it is first read.</summary>
    public required Func<TextReader> In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>The size of the terminal now.</summary>
    public Func<TerminalSize> Size { get; init; } = static () => TerminalSize.Usual;

    /// <summary>Tells of changes of the terminal until it is disposed.</summary>
    public Func<Action<TerminalChange>, IDisposable?> TerminalChanges { get; init; } = static _ => null;

    /// <summary>Cancelled when nobody reads standard output any more; watched for from the first call on.</summary>
    public Func<CancellationToken> ReaderGone { get; init; } = static () => CancellationToken.None;

    public required string UserName { get; init; }

    public required string HostName { get; init; }

    public required string HomeFolder { get; init; }

    /// <summary>Where this program lies; the manifest is looked for beside it.</summary>
    public required string ProgramFolder { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>systemctl's absolute path.</summary>
    public string Systemctl { get; init; } = "/usr/bin/systemctl";

    /// <summary>Makes the way to a broker; nothing is connected yet.</summary>
    public required Func<BrokerSettings, IOpsBus> Bus { get; init; }

    /// <summary>True if results may have colors.</summary>
    public bool OutHasColors => OutIsTerminal && !IsDumb && Variable("NO_COLOR") is null;

    /// <summary>True if messages may have colors.</summary>
    public bool ErrorHasColors => ErrorIsTerminal && !IsDumb && Variable("NO_COLOR") is null;

    /// <summary>True if a view can be drawn again in its place.</summary>
    public bool OutCanRedraw => OutIsTerminal && !IsDumb;

    /// <summary>True if somebody looks who may be shown that something is waited for.</summary>
    public bool ShowsProgress => OutCanRedraw && ErrorIsTerminal;

    /// <summary>True if somebody is there to answer a question.</summary>
    public bool CanAsk => ShowsProgress && InIsTerminal;

    private bool IsDumb => Variable("TERM") is null or "dumb";

    /// <summary>A variable that is set and not empty; else null.</summary>
    public string? Variable(string name) => Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The real ones.</summary>
    public static Surroundings OfThisProcess()
    {
        var variables = System.Environment.GetEnvironmentVariables();
        var output = new StandardStream(Posix.StandardOutput, vital: true);
        var errors = new StandardStream(Posix.StandardError, vital: false);
        return new Surroundings
        {
            Environment = variables.Keys.Cast<string>().ToDictionary(k => k, k => (string?)variables[k] ?? "", StringComparer.Ordinal),
            In = static () => new StreamReader(Console.OpenStandardInput()),
            Out = new StreamWriter(output) { AutoFlush = true },
            Error = TextWriter.Synchronized(new StreamWriter(errors) { AutoFlush = true }),
            InIsTerminal = !Console.IsInputRedirected,
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Size = static () => Posix.Size(Posix.StandardOutput) ?? TerminalSize.Usual,
            TerminalChanges = static onChange => OperatingSystem.IsWindows() ? null : new TerminalSignals(onChange),
            ReaderGone = () => output.ReaderGone,
            UserName = System.Environment.UserName,
            HostName = System.Net.Dns.GetHostName(),
            HomeFolder = System.Environment.GetFolderPath(
                System.Environment.SpecialFolder.UserProfile, System.Environment.SpecialFolderOption.DoNotVerify),
            ProgramFolder = AppContext.BaseDirectory,
            Time = TimeProvider.System,
            Bus = settings => new StompOpsBus(settings, TimeProvider.System),
        };
    }
}
