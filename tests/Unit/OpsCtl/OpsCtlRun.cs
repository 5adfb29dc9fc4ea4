using System.CommandLine;
using System.Text.Json;
using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.OpsCtl.Terminal;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>Runs whole command lines in process.</summary>
internal sealed class OpsCtlRun
{
    private readonly SharedText _out = new();
    private readonly SharedText _error = new();
    private readonly CancellationTokenSource _readerGone = new();
    private Action<TerminalChange>? _onChange;

    public FakeOpsBus Bus { get; } = new();

    public Dictionary<string, string> Environment { get; } = [];

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string Input { get; set; } = "";

    /// <summary>Read instead of <see cref="Input"/>, if there is one.</summary>
    public TextReader? Reader { get; set; }

    /// <summary>Results are written there instead, if there is one.</summary>
    public TextWriter? Writer { get; set; }

    public bool InIsTerminal { get; set; }

    public bool OutIsTerminal { get; set; }

    public string HomeFolder { get; set; } = "/home/alice";

    public bool ErrorIsTerminal { get; set; }

    public TerminalSize Size { get; set; } = TerminalSize.Usual;

    public string ProgramFolder { get; set; } = "/nowhere/bin";

    /// <summary>No systemd is asked, unless a test names what answers for it.</summary>
    public string Systemctl { get; set; } = "/nowhere/systemctl";

    public string HostName { get; set; } = "ops01";

    public BrokerSettings? Settings { get; private set; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>The tree of commands, for a look at it.</summary>
    public static RootCommand Tree() => OpsCtlProgram.Build(new GlobalOptions(), new OpsCtlRun().Surroundings());

    /// <summary>All three streams are a terminal, without colors unless they are asked for.</summary>
    public OpsCtlRun OnTerminal(int columns = 80, int rows = 24, bool colors = false)
    {
        (InIsTerminal, OutIsTerminal, ErrorIsTerminal) = (true, true, true);
        Size = new TerminalSize(columns, rows);
        Environment["TERM"] = "xterm";
        if (!colors)
        {
            Environment["NO_COLOR"] = "1";
        }

        return this;
    }

    /// <summary>The terminal changes, if the command follows that.</summary>
    public void Change(TerminalChange change) => _onChange?.Invoke(change);

    /// <summary>Nobody reads the results any more.</summary>
    public void ReaderGoes() => _readerGone.Cancel();

    /// <summary>Forgets what was written so far.</summary>
    public void Clear()
    {
        _out.Clear();
        _error.Clear();
    }

    public Task<int> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        OpsCtlProgram.RunAsync(arguments, Surroundings(), cancellationToken);

    public Surroundings Surroundings() => new()
    {
        Environment = Environment,
        In = () => Reader ?? new StringReader(Input),
        Out = Writer ?? _out,
        Error = _error,
        InIsTerminal = InIsTerminal,
        OutIsTerminal = OutIsTerminal,
        ErrorIsTerminal = ErrorIsTerminal,
        Size = () => Size,
        TerminalChanges = onChange =>
        {
            _onChange = onChange;
            return null;
        },
        ReaderGone = () => _readerGone.Token,
        UserName = "alice",
        HostName = HostName,
        Systemctl = Systemctl,
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
