namespace OpsAgent.Tests.Demo;

/// <summary>How the demo ends.</summary>
internal static class DemoExit
{
    /// <summary>All was seen as it should be; with <c>--break</c>, the failure too.</summary>
    public const int Shown = 0;

    /// <summary>Something was not as it should be.</summary>
    public const int Surprised = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>This machine can't show what was asked for.</summary>
    public const int Unavailable = 69;

    /// <summary>Interrupted before the end; tidied up.</summary>
    public const int Interrupted = 130;
}
