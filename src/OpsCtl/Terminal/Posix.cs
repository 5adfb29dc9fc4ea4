using System.Runtime.InteropServices;

namespace OpsAgent.OpsCtl.Terminal;

/// <summary>The few system calls that the runtime's console hides: it takes a reader that has gone for one that listens.</summary>
internal static partial class Posix
{
    public const int StandardOutput = 1;
    public const int StandardError = 2;

    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int BrokenPipe = 32;

    public const short CanWrite = 4;

    private const int StopSignal = 19;
    private const nuint WindowSizeRequest = 0x5413; // TIOCGWINSZ of Linux

    /// <summary>What was written, or -1; the error is in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static unsafe nint Write(int descriptor, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return WriteBytes(descriptor, start, (nuint)buffer.Length);
        }
    }

    /// <summary>Waits until the descriptor is as asked, or in error; what it then is.</summary>
    public static unsafe short Wait(int descriptor, short events)
    {
        var poll = new PollEntry { Descriptor = descriptor, Events = events };
        return PollMany(&poll, 1, -1) > 0 ? poll.Found : (short)0;
    }

    /// <summary>The size of the terminal that a descriptor is; null if it is none, or does not say.</summary>
    public static unsafe TerminalSize? Size(int descriptor)
    {
        var size = default(WindowSize);
        return ControlDevice(descriptor, WindowSizeRequest, &size) == 0 && size is { Columns: > 0, Rows: > 0 }
            ? new TerminalSize(size.Columns, size.Rows)
            : null;
    }

    /// <summary>As Ctrl-Z does; returns when the process goes on.</summary>
    public static void StopThisProcess() => _ = Kill(Environment.ProcessId, StopSignal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint WriteBytes(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int PollMany(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int ControlDevice(int descriptor, nuint request, WindowSize* size);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }

    /// <summary>struct winsize.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }
}
