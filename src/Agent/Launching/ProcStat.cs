using System.Buffers.Text;

namespace OpsAgent.Agent.Launching;

/// <summary>What Launching needs of <c>/proc/PID/stat</c> (proc(5)).</summary>
/// <param name="Pid">Field 1.</param>
/// <param name="State">Field 3: R, S, D, T, Z and so on.</param>
/// <param name="Parent">Field 4.</param>
/// <param name="Group">Field 5: the process group.</param>
/// <param name="Session">Field 6.</param>
/// <param name="Flags">Field 9: the kernel's PF_ flags.</param>
/// <param name="StartTime">Field 22, clock ticks since boot; pid and start time together name a process for good.</param>
/// <param name="CodeStart">Field 26: zero while execve builds the new image, as it is set after all else of that; 1 when it may not be known.</param>
/// <param name="EnvironmentStart">Field 50: where its environment begins in its memory; an execve moves it.</param>
/// <param name="EnvironmentEnd">Field 51: where it ends. While execve builds the new image it is zero, then the beginning.</param>
internal readonly record struct ProcStat(
    int Pid,
    char State,
    int Parent,
    int Group,
    int Session,
    uint Flags,
    long StartTime,
    ulong CodeStart,
    ulong EnvironmentStart,
    ulong EnvironmentEnd)
{
    private const uint KernelThreadFlag = 0x00200000;
    private const uint ExitingFlag = 0x00000004;
    private const int LongestStat = 2048;

    /// <summary>True once nothing of it runs any more: it only waits to be reaped.</summary>
    public bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>True for threads of the kernel, which look like processes.</summary>
    public bool IsKernelThread => (Flags & KernelThreadFlag) != 0;

    /// <summary>True if it is on its way out: it has given up its memory and can start nothing.</summary>
    public bool IsExiting => (Flags & ExitingFlag) != 0;

    /// <summary>Reads one process; false if there is none of that pid.</summary>
    /// <exception cref="IOException">The host is short of descriptors or memory: nothing is known.</exception>
    public static bool TryRead(int pid, out ProcStat stat)
    {
        Span<byte> buffer = stackalloc byte[LongestStat];
        var count = ProcFile.ReadOnce(pid, "/stat"u8, buffer);
        if (count < 0 && Errno.IsShortage(-count))
        {
            throw new IOException($"/proc/{pid}/stat can't be read: errno {-count}");
        }

        stat = default;
        return count > 0 && TryParse(buffer[..count], out stat);
    }

    /// <summary>Parses the file's content. The name in field 2 may hold anything, parentheses and blanks included.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcStat stat)
    {
        stat = default;
        var close = text.LastIndexOf((byte)')');
        if (close < 0 || !Utf8Parser.TryParse(text, out int pid, out _) || close + 3 > text.Length)
        {
            return false;
        }

        // What follows ") " is field 3 on.
        var rest = text[(close + 2)..];
        var state = (char)rest[0];
        long parent = 0, group = 0, session = 0, flags = 0, start = 0;
        ulong codeStart = 0, environmentStart = 0, environmentEnd = 0;
        var field = 3;
        foreach (var range in rest.Split((byte)' '))
        {
            var value = rest[range];
            var isNumber = field switch
            {
                4 => Utf8Parser.TryParse(value, out parent, out _),
                5 => Utf8Parser.TryParse(value, out group, out _),
                6 => Utf8Parser.TryParse(value, out session, out _),
                9 => Utf8Parser.TryParse(value, out flags, out _),
                22 => Utf8Parser.TryParse(value, out start, out _),
                26 => Utf8Parser.TryParse(value, out codeStart, out _),
                50 => Utf8Parser.TryParse(value, out environmentStart, out _),
                51 => Utf8Parser.TryParse(value, out environmentEnd, out _),
                _ => true,
            };
            if (!isNumber)
            {
                return false;
            }

            field++;
        }

        stat = new ProcStat(
            pid, state, (int)parent, (int)group, (int)session, (uint)flags, start, codeStart, environmentStart, environmentEnd);
        return field > 22;
    }
}
