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
            return length > 0 ? Search(buffer.AsSpan(0, length), mark, out attempt) : OfEmpty(process);
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

    // In the middle of execve the kernel shows an empty environment: of the old image, which is gone, or of the new one, which has
    // none yet. By the time of this look that may be over, and then its image is another than the one that was read.
    private static MarkFinding OfEmpty(in ProcStat before) =>
        !ProcStat.TryRead(before.Pid, out var now) || now.IsDead || now.IsExiting || (now.CodeStart != 0 && HasNone(before, now))
            ? MarkFinding.Absent
            : MarkFinding.Undetermined;

    // It was begun with an empty one; or its image was the same before and after, and the environment is no more in its memory.
    private static bool HasNone(in ProcStat before, in ProcStat now) =>
        now.EnvironmentStart == now.EnvironmentEnd
        || (before.EnvironmentStart, before.EnvironmentEnd) == (now.EnvironmentStart, now.EnvironmentEnd);
}
