using System.Runtime.InteropServices;

namespace OpsAgent.Tests.Support;

/// <summary>Signals that tests send.</summary>
public enum PosixSignalNumber
{
    None = 0,
    HangUp = 1,
    Interrupt = 2,
    Quit = 3,
    Abort = 6,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>The few system calls that tests need.</summary>
public static partial class Posix
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal to exactly that process, which must be there.</summary>
    public static void Kill(int pid, PosixSignalNumber signal)
    {
        if (!TryKill(pid, signal))
        {
            throw new InvalidOperationException($"{signal} for {pid}, which is gone");
        }
    }

    /// <summary>Sends a signal to exactly that process; false if it is gone, as one that ends by itself may be at any moment.</summary>
    public static bool TryKill(int pid, PosixSignalNumber signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 2);
        if (kill(pid, (int)signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new System.ComponentModel.Win32Exception(error, $"kill({pid}, {signal})");
    }

    /// <summary>Sends a signal to the group that a process leads; nothing if it is gone.</summary>
    public static void KillGroup(int leader, PosixSignalNumber signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leader, 2);
        _ = kill(-leader, (int)signal);
    }

    /// <summary>True while a process of that id exists.</summary>
    public static bool Exists(int pid) => kill(pid, 0) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
