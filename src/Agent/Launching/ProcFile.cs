using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Reads a file of a process below /proc with three system calls. <see cref="File"/> adds locks and file status to each, and a
/// scan reads hundreds.
/// </summary>
internal static unsafe class ProcFile
{
    /// <summary>Opens <c>/proc/PID/name</c>; a negative errno if it can't be.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="name">The file's name with its leading slash.</param>
    public static int Open(int pid, ReadOnlySpan<byte> name)
    {
        Span<byte> path = stackalloc byte[64];
        "/proc/"u8.CopyTo(path);
        Utf8Formatter.TryFormat(pid, path[6..], out var digits);
        name.CopyTo(path[(6 + digits)..]);
        path[6 + digits + name.Length] = 0;
        fixed (byte* p = path)
        {
            var fd = Native.Open(p, Native.OpenCloseOnExec);
            return fd >= 0 ? fd : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Reads once; the count, or a negative errno.</summary>
    public static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            while (true)
            {
                var count = (int)Native.Read(fd, p, (nuint)buffer.Length);
                if (count >= 0)
                {
                    return count;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error != Errno.Interrupted)
                {
                    return -error;
                }
            }
        }
    }

    /// <summary>Reads a small file whole, as far as the buffer goes; the count, or a negative errno.</summary>
    public static int ReadOnce(int pid, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        var fd = Open(pid, name);
        if (fd < 0)
        {
            return fd;
        }

        var count = Read(fd, buffer);
        _ = Native.Close(fd);
        return count;
    }
}
