using System.Buffers.Text;
using System.Text;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// The kernel's list of what this process has adopted. An orphan goes to the adopter's first thread, so that thread's list of
/// children is short, mostly empty, and one read of it tells after each run whether anything of it may be left; a scan of
/// /proc would cost more than the run.
/// </summary>
internal static class AdoptedChildren
{
    private static readonly byte[] ListName = Encoding.ASCII.GetBytes($"/task/{Environment.ProcessId}/children");

    /// <summary>
    /// Children of the first thread that were not started here; null if the kernel has no such list. Exact if empty; with
    /// entries it may miss one while others end.
    /// </summary>
    /// <exception cref="IOException">The host is short of descriptors or memory: nothing is known.</exception>
    public static List<int>? Read()
    {
        var fd = ProcFile.Open(Environment.ProcessId, ListName);
        if (fd < 0)
        {
            return Errno.IsShortage(-fd) ? throw new IOException($"the list of children can't be read: errno {-fd}") : null;
        }

        try
        {
            return ReadList(fd);
        }
        finally
        {
            _ = Native.Close(fd);
        }
    }

    private static List<int> ReadList(int fd)
    {
        var pids = new List<int>();
        Span<byte> buffer = stackalloc byte[4096];
        var kept = 0;
        while (ProcFile.Read(fd, buffer[kept..]) is > 0 and var count)
        {
            var text = buffer[..(kept + count)];
            int blank;
            while ((blank = text.IndexOf((byte)' ')) >= 0)
            {
                if (Utf8Parser.TryParse(text[..blank], out int pid, out _) && !OwnChildren.Contains(pid))
                {
                    pids.Add(pid);
                }

                text = text[(blank + 1)..];
            }

            kept = text.Length;
            text.CopyTo(buffer);
        }

        return pids;
    }
}
