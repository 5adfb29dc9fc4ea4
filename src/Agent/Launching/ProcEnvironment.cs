using System.Buffers;

namespace OpsAgent.Agent.Launching;

/// <summary>The environment that a process was started with, as the kernel shows it.</summary>
internal static class ProcEnvironment
{
    private const int FirstBuffer = 16 * 1024;

    // More than execve takes by default (a quarter of an 8 MiB stack).
    private const int Largest = 8 * 1024 * 1024;

    /// <summary>Looks for a mark.</summary>
    public static MarkFinding Find(in ProcStat process, DoerMark mark, out int attempt)
    {
        attempt = 0;
        if (process.IsDead || process.IsKernelThread)
        {
            return MarkFinding.Absent;
        }

        var fd = ProcFile.Open(process.Pid, "/environ"u8);
        if (fd < 0)
        {
            return Errno.IsShortage(-fd) ? MarkFinding.Undetermined : MarkFinding.Absent;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var length = ReadAll(fd, ref buffer);
            return length > 0 ? Search(buffer.AsSpan(0, length), mark, out attempt) : OfEmpty(process.Pid);
        }
        finally
        {
            _ = Native.Close(fd);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int ReadAll(int fd, ref byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var count = ProcFile.Read(fd, buffer.AsSpan(length));
            if (count <= 0)
            {
                return length;
            }

            length += count;
            if (length < buffer.Length)
            {
                continue;
            }

            if (length >= Largest)
            {
                return length;
            }

            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }

    private static MarkFinding Search(ReadOnlySpan<byte> environment, DoerMark mark, out int attempt)
    {
        foreach (var range in environment.Split((byte)0))
        {
            if (mark.Matches(environment[range], out attempt))
            {
                return MarkFinding.Present;
            }
        }

        attempt = 0;
        return MarkFinding.Absent;
    }

    // In the middle of execve the new image has no environment yet: the kernel then shows an empty one whose end is at 0. A
    // process that was started with an empty environment has an end like any other, so the two can be told apart.
    private static MarkFinding OfEmpty(int pid) =>
        ProcStat.TryRead(pid, out var now) && !now.IsDead && !now.IsExiting && now.EnvironmentEnd == 0
            ? MarkFinding.Undetermined
            : MarkFinding.Absent;
}
