using System.Runtime.InteropServices;

namespace OpsAgent.Agent.Launching.Cgroups;

/// <summary>Reads and writes the small files that the kernel shows in a cgroup, with three system calls each.</summary>
internal static unsafe class CgroupFile
{
    /// <summary>Writes it whole; 0 or an errno.</summary>
    public static int Write(string path, ReadOnlySpan<byte> text)
    {
        var fd = Open(path, Native.OpenWriteOnly);
        if (fd < 0)
        {
            return -fd;
        }

        fixed (byte* bytes = text)
        {
            var error = Native.Write(fd, bytes, (nuint)text.Length) < 0 ? Marshal.GetLastPInvokeError() : 0;
            _ = Native.Close(fd);
            return error;
        }
    }

    /// <summary>Reads it, as far as the buffer goes; the count, or a negative errno.</summary>
    public static int Read(string path, Span<byte> buffer)
    {
        var fd = Open(path, flags: 0);
        if (fd < 0)
        {
            return fd;
        }

        var count = 0;
        var read = 0;
        while (count < buffer.Length && (read = ProcFile.Read(fd, buffer[count..])) > 0)
        {
            count += read;
        }

        _ = Native.Close(fd);
        return read < 0 ? read : count;
    }

    private static int Open(string path, int flags)
    {
        using var text = new NativeVector([path]);
        var fd = Native.Open(text[0], flags | Native.OpenCloseOnExec);
        return fd >= 0 ? fd : -Marshal.GetLastPInvokeError();
    }
}
