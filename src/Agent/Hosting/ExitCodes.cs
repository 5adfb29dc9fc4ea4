namespace OpsAgent.Agent.Hosting;

/// <summary>What the program's end means to systemd and to operators.</summary>
internal static class ExitCodes
{
    /// <summary>Stopped by a signal, after a drain.</summary>
    public const int Stopped = 0;

    /// <summary>Something failed that should not; systemd starts it again.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>Another instance holds the state folder.</summary>
    public const int StateHeld = 75;

    /// <summary>The configuration is wrong: starting again would not help.</summary>
    public const int Configuration = 78;

    /// <summary>A deliberate stop by bus message: systemd leaves it down.</summary>
    public const int DeliberateStop = 100;
}
