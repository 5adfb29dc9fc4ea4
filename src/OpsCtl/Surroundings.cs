using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl;

/// <summary>Everything that a command takes from outside its command line, so that a test can run one whole in process.</summary>
internal sealed record Surroundings
{
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    public required string UserName { get; init; }

    public required string HostName { get; init; }

    public required string HomeFolder { get; init; }

    /// <summary>Where this program lies; the manifest is looked for beside it.</summary>
    public required string ProgramFolder { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Makes the way to a broker; nothing is connected yet.</summary>
    public required Func<BrokerSettings, IOpsBus> Bus { get; init; }

    /// <summary>A variable that is set and not empty; else null.</summary>
    public string? Variable(string name) => Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The real ones.</summary>
    public static Surroundings OfThisProcess()
    {
        var variables = System.Environment.GetEnvironmentVariables();
        return new Surroundings
        {
            Environment = variables.Keys.Cast<string>().ToDictionary(k => k, k => (string?)variables[k] ?? "", StringComparer.Ordinal),
            In = Console.In,
            Out = Console.Out,
            Error = Console.Error,
            InIsTerminal = !Console.IsInputRedirected,
            OutIsTerminal = !Console.IsOutputRedirected,
            UserName = System.Environment.UserName,
            HostName = System.Net.Dns.GetHostName(),
            HomeFolder = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile),
            ProgramFolder = AppContext.BaseDirectory,
            Time = TimeProvider.System,
            Bus = settings => new StompOpsBus(settings, TimeProvider.System),
        };
    }
}
