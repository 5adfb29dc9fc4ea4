using Microsoft.Win32.SafeHandles;

namespace OpsAgent.Agent.Launching;

/// <summary>Reads what is in a pipe now, and waits for nothing.</summary>
internal static unsafe class PipeRest
{
    private const short Readable = 1;

    /// <summary>As much as the largest pipe holds: somebody may go on to fill it.</summary>
    private const int Most = 1024 * 1024;

    /// <summary>Hands on all that is there.</summary>
    /// <param name="pipe">The end that is read.</param>
    /// <param name="buffer">To read into.</param>
    /// <param name="push">Takes each piece.</param>
    public static void Read(SafePipeHandle pipe, Span<byte> buffer, Action<ReadOnlySpan<byte>> push)
    {
        var held = false;
        try
        {
            pipe.DangerousAddRef(ref held);
            var descriptor = (int)pipe.DangerousGetHandle();
            for (var taken = 0; taken < Most && IsReadable(descriptor);)
            {
                var count = ProcFile.Read(descriptor, buffer);
                if (count <= 0)
                {
                    return;
                }

                push(buffer[..count]);
                taken += count;
            }
        }
        finally
        {
            if (held)
            {
                pipe.DangerousRelease();
            }
        }
    }

    private static bool IsReadable(int descriptor)
    {
        var entry = new Native.PollEntry { Descriptor = descriptor, Asked = Readable };
        return Native.Poll(&entry, 1, 0) == 1 && (entry.Told & Readable) != 0;
    }
}
