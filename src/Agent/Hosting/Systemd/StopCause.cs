namespace OpsAgent.Agent.Hosting.Systemd;

/// <summary>
/// Whether the agent's end was meant, from what systemd tells <c>ExecStopPost=</c>, which also runs before a restart: then the
/// doers are to live on, for the next agent to take over.
/// </summary>
internal static class StopCause
{
    /// <summary>The agent ended with 100: a bus message asked for it.</summary>
    public static bool IsBusMessage(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("EXIT_CODE") == "exited"
        && environment.GetValueOrDefault("EXIT_STATUS") == ExitCodes.DeliberateStop.ToString();

    /// <summary>
    /// An administrator, or the end of the host, stops the unit: systemd has a stop job for it. A restart is a job of that name,
    /// and a crash has none. Exit status and result can't tell them apart.
    /// </summary>
    /// <param name="jobs">What <c>systemctl list-jobs</c> prints without a head: number, unit, type, state.</param>
    /// <param name="unit">The unit's whole name.</param>
    public static bool IsStopJob(string jobs, string unit) =>
        jobs.Split('\n').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(words => words is [_, var name, "stop", ..] && name == unit);
}
