using System.Diagnostics;

namespace OpsAgent.Tests.Support;

/// <summary>A small file system in memory on a folder, which takes root; it goes with the object.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>Mounts it.</summary>
    public static SmallDisk Mount(string folder, int kilobytes)
    {
        Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k,mode=0700", "opsagent-test", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Writes a file until there is no room for one byte more than <paramref name="but"/>; returns its path.</summary>
    public string Fill(int but = 0)
    {
        var path = Path.Combine(_folder, "filling");
        using var file = File.Create(path, 1);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full: that is what it is for.
            file.SetLength(Math.Max(0, file.Length - but));
            return path;
        }
    }

    public void Dispose() => Run("umount", "-l", _folder);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
