namespace OpsAgent.Tests.Support;

/// <summary>
/// A promised time on machines that are not the test's own. <c>OPSAGENT_STRICT=1</c> holds each to what was promised, on a machine that
/// does nothing else; without it a test lets a slow machine pass, and still fails where something waits for what it should not.
/// </summary>
public static class Figure
{
    /// <summary>True if promised figures are held as they are.</summary>
    public static readonly bool Strictly = Environment.GetEnvironmentVariable("OPSAGENT_STRICT") == "1";

    /// <summary>99 of 100 pongs, from the ping's arrival at the agent, in ms.</summary>
    public static double PongMs { get; } = Of(50, onABusyMachine: 5_000);

    /// <summary>The promised figure or the other one, in one unit.</summary>
    public static double Of(double promised, double onABusyMachine) => Strictly ? promised : onABusyMachine;

    /// <summary>The same for spans.</summary>
    public static TimeSpan Of(TimeSpan promised, TimeSpan onABusyMachine) => Strictly ? promised : onABusyMachine;
}
