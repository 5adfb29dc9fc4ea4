using System.CommandLine;
using System.Text;
using System.Text.Json;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>Runs whole command lines in process.</summary>
internal sealed class OpsCtlRun
{
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public FakeOpsBus Bus { get; } = new();

    public Dictionary<string, string> Environment { get; } = [];

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string Input { get; set; } = "";

    public bool InIsTerminal { get; set; }

    public bool OutIsTerminal { get; set; }

    public string HomeFolder { get; set; } = "/home/alice";

    public string ProgramFolder { get; set; } = "/nowhere/bin";

    public BrokerSettings? Settings { get; private set; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public Task<int> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    /// <summary>The tree of commands, for a look at it.</summary>
    public static RootCommand Tree() => OpsCtlProgram.Build(new GlobalOptions(), new OpsCtlRun().Surroundings());

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        OpsCtlProgram.RunAsync(arguments, Surroundings(), cancellationToken);

    public Surroundings Surroundings() => new()
    {
        Environment = Environment,
        In = new StringReader(Input),
        Out = new StringWriter(_out),
        Error = new StringWriter(_error),
        InIsTerminal = InIsTerminal,
        OutIsTerminal = OutIsTerminal,
        UserName = "alice",
        HostName = "ops01",
        HomeFolder = HomeFolder,
        ProgramFolder = ProgramFolder,
        Time = Time,
        Bus = settings =>
        {
            Settings = settings;
            return Bus;
        },
    };
}
