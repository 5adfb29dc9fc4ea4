using System.Runtime.InteropServices;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Makes a doer nicer than the agent: where both want a processor, the agent is not to wait. Twice, since Linux weighs either processes
/// by their own niceness, or sessions against each other by that of their autogroup, and a doer has a session of its own.
/// </summary>
internal static unsafe class Niceness
{
    private const int OfGroup = 1;

    /// <summary>Sets it for the group that the process leads, so for what it may have started already; what fails changes nothing.</summary>
    /// <returns>An errno; 0 if it was set, or there is nobody left.</returns>
    public static int Lower(int pid, int nice)
    {
        if (nice == 0)
        {
            return 0;
        }

        var error = Native.SetPriority(OfGroup, pid, nice) == 0 ? 0 : Marshal.GetLastPInvokeError();
        using var path = new NativeVector([$"/proc/{pid}/autogroup"]);
        var file = Native.Open(path[0], Native.OpenWriteOnly | Native.OpenCloseOnExec);
        if (file < 0)
        {
            return Told(error);
        }

        // Of all that is not root the kernel takes ten of these a second: those that run long are seldom started so fast.
        Span<byte> text = stackalloc byte[12];
        nice.TryFormat(text, out var length);
        fixed (byte* bytes = text)
        {
            _ = Native.Write(file, bytes, (nuint)length);
        }

        _ = Native.Close(file);
        return Told(error);
    }

    private static int Told(int error) => error == Errno.NoProcess ? 0 : error;
}
