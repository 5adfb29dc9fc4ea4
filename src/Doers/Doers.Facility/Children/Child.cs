using System.Runtime.InteropServices;

namespace OpsAgent.Doers.Facility.Children;

/// <summary>A child whose output goes into files, so that both outlive us.</summary>
public sealed partial class Child
{
    private const int NoHang = 1;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private Child(int pid, long startTime)
    {
        Pid = pid;
        StartTime = startTime;
    }

    /// <summary>Its pid, which is its session's too.</summary>
    public int Pid { get; }

    /// <summary>Clock ticks since boot.</summary>
    public long StartTime { get; }

    /// <summary>True once it has ended and been reaped.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Its exit code; 128 and the signal's number if one ended it; null while it runs, or if somebody else reaped it.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>True if a signal ended it.</summary>
    public bool WasSignalled { get; private set; }

    /// <summary>Starts it; a program that can't be run is <see cref="DoerExit.Configuration"/>.</summary>
    public static Child Start(ChildOrder order)
    {
        var error = Spawning.Start(order, out var pid);
        return error == 0
            ? new Child(pid, ProcessFacts.Of(pid)?.StartTime ?? 0)
            : throw new DoerException(DoerExit.Configuration, $"{order.Program} can't be run: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Looks whether it has ended.</summary>
    public bool Look()
    {
        if (HasEnded)
        {
            return true;
        }

        var answer = WaitFor(Pid, out var status, NoHang);
        if (answer == 0)
        {
            return false;
        }

        HasEnded = true;
        if (answer == Pid)
        {
            var signal = status & 0x7f;
            WasSignalled = signal != 0;
            ExitCode = WasSignalled ? 128 + signal : (status >> 8) & 0xff;
        }

        return true;
    }

    /// <summary>Waits for its end; false if <paramref name="limit"/> came first. <paramref name="meanwhile"/> is called over and over.</summary>
    public async Task<bool> WaitAsync(Func<bool> meanwhile, TimeProvider time, CancellationToken limit)
    {
        while (!Look())
        {
            if (!meanwhile() || limit.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(Pause, time, CancellationToken.None);
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitFor(int pid, out int status, int options);
}
