using System.Buffers;
using System.Buffers.Text;

namespace OpsAgent.Agent.Launching.Cgroups;

/// <summary>The cgroup of one run: whatever a process in it starts is in it too, however it hides.</summary>
/// <param name="folder">Where it is.</param>
internal sealed class DoerCgroup(string folder)
{
    private readonly string _procs = $"{folder}/cgroup.procs";
    private readonly string _events = $"{folder}/cgroup.events";

    /// <summary>Where it is.</summary>
    public string Folder => folder;

    /// <summary>Completes when the doer, and what it has started before, was brought in; it never fails.</summary>
    public Task Filled { get; init; } = Task.CompletedTask;

    /// <summary>True while a process lives in it, or in one that was made beneath it; also if it can't be said.</summary>
    public bool IsPopulated
    {
        get
        {
            Span<byte> text = stackalloc byte[256];
            var count = CgroupFile.Read(_events, text);
            return count < 0 ? !IsGone(-count) : text[..count].IndexOf("populated 0"u8) < 0;
        }
    }

    /// <summary>Makes a process a member; 0 or an errno. What it has started before stays where it is.</summary>
    public int TakeIn(int pid)
    {
        Span<byte> text = stackalloc byte[12];
        Utf8Formatter.TryFormat(pid, text, out var length);
        return CgroupFile.Write(_procs, text[..length]);
    }

    /// <summary>SIGKILL to all of it at once, also to what is forked in the same moment; 0 or an errno.</summary>
    public int Kill() => Pids().Contains(Environment.ProcessId) ? Errno.NotPermitted : CgroupFile.Write($"{folder}/cgroup.kill", "1"u8);

    /// <summary>Who lives in it, or beneath it.</summary>
    /// <exception cref="IOException">The host is short of descriptors or memory: nothing is known.</exception>
    public HashSet<int> Pids()
    {
        var pids = new HashSet<int>();
        Read(folder, pids);
        return pids;
    }

    /// <summary>Removes it; false while somebody lives in it.</summary>
    public bool TryRemove()
    {
        try
        {
            return TryRemove(folder);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool TryRemove(string cgroup)
    {
        try
        {
            foreach (var inner in Directory.EnumerateDirectories(cgroup))
            {
                TryRemove(inner);
            }

            Directory.Delete(cgroup);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Read(string cgroup, HashSet<int> pids)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var count = CgroupFile.Read($"{cgroup}/cgroup.procs", buffer);
            if (count < 0)
            {
                if (Errno.IsShortage(-count))
                {
                    throw new IOException($"{cgroup}/cgroup.procs can't be read: errno {-count}");
                }

                return;
            }

            foreach (var line in buffer.AsSpan(0, count).Split((byte)'\n'))
            {
                if (Utf8Parser.TryParse(buffer.AsSpan(0, count)[line], out int pid, out _) && pid > 0)
                {
                    pids.Add(pid);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        try
        {
            foreach (var inner in Directory.EnumerateDirectories(cgroup))
            {
                Read(inner, pids);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // It is gone, and so are all that were in it.
        }
    }

    private static bool IsGone(int error) => error is Errno.NoEntry or Errno.NoDevice;
}
