using System.Runtime.InteropServices;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Starts a process by posix_spawn: a session of its own, every signal at its default and none blocked (the runtime ignores
/// SIGPIPE, and a child would inherit that), stdin from /dev/null, nothing open from descriptor 3 on. No wrapper program does
/// any of it: each one halves the rate.
/// </summary>
internal static unsafe class Spawner
{
    private const short NewSession = 0x80;
    private const short SetSignalMask = 0x08;
    private const short SetDefaultSignals = 0x04;
    private const uint OwnerReadWrite = 0x180;

    // glibc's sizes on x86-64 are 80, 336 and 128 bytes.
    private const int ActionsSize = 128;
    private const int AttributesSize = 512;
    private const int SignalSetSize = 128;

    /// <summary>Starts it; what goes wrong before the program runs, exec included, is in the answer's error.</summary>
    public static SpawnAnswer Start(SpawnOrder order)
    {
        var pipes = stackalloc int[] { -1, -1, -1, -1 };
        if (order.Files is null && !OpenPipes(pipes, out var error))
        {
            return new SpawnAnswer(error, 0, -1, -1);
        }

        error = Start(order, pipes, out var pid);
        Close(pipes[1]);
        Close(pipes[3]);
        if (error != 0)
        {
            Close(pipes[0]);
            Close(pipes[2]);
            return new SpawnAnswer(error, 0, -1, -1);
        }

        OwnChildren.Add(pid);
        return new SpawnAnswer(0, pid, pipes[0], pipes[2]) { NiceError = Niceness.Lower(pid, order.Nice) };
    }

    private static int Start(SpawnOrder order, int* pipes, out int child)
    {
        var actions = stackalloc byte[ActionsSize];
        var attributes = stackalloc byte[AttributesSize];
        var signals = stackalloc byte[SignalSetSize];
        using var paths = new NativeVector([order.Program, order.Folder, "/dev/null", order.Files?.Stdout ?? "", order.Files?.Stderr ?? ""]);
        using var arguments = new NativeVector(order.Arguments);
        using var environment = new NativeVector(order.Environment);
        _ = Native.ActionsInit(actions);
        _ = Native.AttributesInit(attributes);

        // A thread of the runtime's that is older than Main does not have it, nor do those that it starts.
        OwnProcess.ForbidNewPrivileges();
        try
        {
            _ = Native.AttributesSetFlags(attributes, NewSession | SetSignalMask | SetDefaultSignals);
            _ = Native.FillSignalSet(signals);
            _ = Native.AttributesSetDefaultSignals(attributes, signals);
            _ = Native.EmptySignalSet(signals);
            _ = Native.AttributesSetSignalMask(attributes, signals);
            _ = Native.ActionsAddOpen(actions, 0, paths[2], 0, 0);
            if (order.Files is null)
            {
                _ = Native.ActionsAddDup2(actions, pipes[1], 1);
                _ = Native.ActionsAddDup2(actions, pipes[3], 2);
            }
            else
            {
                _ = Native.ActionsAddOpen(actions, 1, paths[3], Native.OpenWriteCreateAppend, OwnerReadWrite);
                _ = Native.ActionsAddOpen(actions, 2, paths[4], Native.OpenWriteCreateAppend, OwnerReadWrite);
            }

            _ = Native.ActionsAddChdir(actions, paths[1]);
            _ = Native.ActionsAddCloseFrom(actions, 3);
            int pid;
            var error = Native.Spawn(&pid, paths[0], actions, attributes, arguments.Pointers, environment.Pointers);
            child = pid;
            return error;
        }
        finally
        {
            _ = Native.ActionsDestroy(actions);
            _ = Native.AttributesDestroy(attributes);
        }
    }

    private static bool OpenPipes(int* pipes, out int error)
    {
        error = 0;
        if (Native.Pipe(pipes, Native.OpenCloseOnExec) == 0)
        {
            if (Native.Pipe(pipes + 2, Native.OpenCloseOnExec) == 0)
            {
                return true;
            }

            error = Marshal.GetLastPInvokeError();
            Close(pipes[0]);
            Close(pipes[1]);
            return false;
        }

        error = Marshal.GetLastPInvokeError();
        return false;
    }

    private static void Close(int fd)
    {
        if (fd >= 0)
        {
            _ = Native.Close(fd);
        }
    }
}
