namespace OpsAgent.Agent.Launching;

/// <summary>Signals by number and by name, as Linux numbers them on x86-64 and arm64.</summary>
internal static class SignalNames
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    private static readonly string[] Names =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
        "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary>The name, for example <c>SIGKILL</c>, <c>SIGRTMIN+2</c>; for what has none, <c>signal 33</c>.</summary>
    public static string Of(int signal) => signal switch
    {
        > 0 when signal < Names.Length => Names[signal],
        FirstRealTime => "SIGRTMIN",
        > FirstRealTime and <= LastRealTime => $"SIGRTMIN+{signal - FirstRealTime}",
        _ => $"signal {signal}",
    };
}
