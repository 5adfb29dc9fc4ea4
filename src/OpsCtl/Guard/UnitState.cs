namespace OpsAgent.OpsCtl.Guard;

/// <summary>What systemd says of the agent's unit.</summary>
internal sealed record UnitState
{
    private const int ExitedByItself = 1;

    // Starts that fail so often that systemd gives up follow each other closely; an agent that lived longer was stopped.
    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(2);

    /// <summary>What is asked for.</summary>
    public static IReadOnlyList<string> Properties { get; } =
    [
        "LoadState", "ActiveState", "SubState", "Result", "MainPID", "ExecMainCode", "ExecMainStatus", "NRestarts",
        "StartLimitBurst", "StateDirectory", "ExecMainStartTimestampMonotonic", "ExecMainExitTimestampMonotonic",
    ];

    public string Load { get; private init; } = "";

    public string Active { get; private init; } = "";

    public string Sub { get; private init; } = "";

    public string Result { get; private init; } = "";

    /// <summary>0 if it has none.</summary>
    public int MainPid { get; private init; }

    /// <summary>How the last main process exited by itself; null if it runs, was killed, or never was.</summary>
    public int? ExitStatus { get; private init; }

    public int Restarts { get; private init; }

    public int Burst { get; private init; }

    /// <summary>How long the last main process lived; zero if that is not known.</summary>
    public TimeSpan Lived { get; private init; }

    /// <summary>The agent's state folder as the unit has it; null: the unit gives none.</summary>
    public string? StateFolder { get; private init; }

    /// <summary>Reads what <c>systemctl show</c> prints.</summary>
    public static UnitState Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
            {
                values[line[..at]] = line[(at + 1)..].Trim();
            }
        }

        string Text(string name) => values.GetValueOrDefault(name) ?? "";
        int Number(string name) => int.TryParse(Text(name), out var number) ? number : 0;
        long Micros(string name) => long.TryParse(Text(name), out var number) ? number : 0;
        return new UnitState
        {
            Load = Text("LoadState"),
            Active = Text("ActiveState"),
            Sub = Text("SubState"),
            Result = Text("Result"),
            MainPid = Number("MainPID"),
            ExitStatus = Number("ExecMainCode") == ExitedByItself ? Number("ExecMainStatus") : null,
            Restarts = Number("NRestarts"),
            Burst = Number("StartLimitBurst"),
            Lived = TimeSpan.FromMicroseconds(Math.Max(0, Micros("ExecMainExitTimestampMonotonic") - Micros("ExecMainStartTimestampMonotonic"))),
            StateFolder = Text("StateDirectory").Split(' ')[0] is { Length: > 0 } name ? Path.Combine("/var/lib", name) : null,
        };
    }

    /// <summary>Why the unit is not to be restarted, whatever the agent answers; null if it may be.</summary>
    /// <param name="deliberateExit">The exit status of an agent that was stopped over the bus.</param>
    public string? WhyLeave(int deliberateExit) => this switch
    {
        { Load: not "loaded" } => $"systemd has no such unit ({Load})",
        { Active: "activating" or "deactivating" or "reloading" } => $"it is {Active} ({Sub})",
        { Active: "active" } => null,
        { ExitStatus: { } status } when status == deliberateExit => $"it ended with {status}: it was stopped over the bus",
        { ExitStatus: ExitCode.Configuration or ExitCode.Usage } => $"it ended with {ExitStatus}, which a start would not mend: see its log",
        { Active: "failed" } when Result == "start-limit-hit" || (Burst > 0 && Restarts >= Burst && Lived < ShortLife) => null,
        { Active: "failed" } => $"it failed while it was being stopped ({Result}): an administrator stopped it",
        _ => $"it is {Active}: an administrator stopped it, or never started it",
    };
}
