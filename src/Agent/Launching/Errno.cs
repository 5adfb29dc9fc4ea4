namespace OpsAgent.Agent.Launching;

/// <summary>The error numbers of Linux that Launching tells apart.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int Interrupted = 4;
    public const int NoData = 6;
    public const int TooBig = 7;
    public const int NotExecutableFormat = 8;
    public const int NoChild = 10;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int Access = 13;
    public const int NoDevice = 19;
    public const int NotAFolder = 20;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int TextBusy = 26;
    public const int Loop = 40;

    /// <summary>True if the host, not the process asked about, is why a call failed: nothing can be concluded from it.</summary>
    public static bool IsShortage(int error) => error is TooManyFiles or TooManyFilesInSystem or NoMemory;
}
