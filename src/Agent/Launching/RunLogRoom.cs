using System.IO.Enumeration;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Bounds what the logs of runs take on disk, in bytes and in files: removes the old ones, then the oldest until there is room again.
/// For the writer's thread alone.
/// </summary>
internal sealed class RunLogRoom(string folder, long maxBytes, int maxFiles, TimeSpan age, TimeProvider time)
{
    /// <summary>A file takes whole blocks of so many bytes, however little is in it.</summary>
    public const int Block = 4096;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly EnumerationOptions Plain = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly Dictionary<string, long> _open = new(StringComparer.Ordinal);
    private long _bytes;
    private int _files;
    private long _bytesLet;
    private int _filesLet;
    private long? _tidied;
    private long _aged = time.GetTimestamp();

    /// <summary>True if it is worth a look.</summary>
    public bool IsDue =>
        _bytes > maxBytes + _bytesLet || _files > maxFiles + _filesLet || _tidied is not { } at || time.GetElapsedTime(at) >= Every;

    /// <summary>Something was written to a file, which now has so many bytes.</summary>
    public void Wrote(string file, long length)
    {
        if (!_open.TryGetValue(file, out var before))
        {
            _files++;
        }

        _bytes += Taken(length) - Taken(before);
        _open[file] = length;
    }

    /// <summary>Nothing more is written to it.</summary>
    public void Closed(string file) => _open.Remove(file);

    /// <summary>Removes what is too old or too much; a file that is being written stays.</summary>
    /// <exception cref="IOException">The folder can't be read, or a file not removed.</exception>
    public void Tidy()
    {
        _tidied = time.GetTimestamp();
        if (folder.Length == 0 || !Directory.Exists(folder))
        {
            return;
        }

        // Should this fail, or leave too much, the next try is after some growth, not after the next line.
        PutOff();
        var files = Files();
        (_bytes, _files) = (files.Sum(static f => Taken(f.Length)), files.Count);
        Remove(files, Aged(files));
        PutOff();
    }

    private static long Taken(long length) => (length + Block - 1) / Block * Block;

    private void PutOff()
    {
        _bytesLet = _bytes <= maxBytes ? 0 : _bytes - maxBytes + (maxBytes / 10);
        _filesLet = _files <= maxFiles ? 0 : _files - maxFiles + (maxFiles / 10);
    }

    private List<Kept> Files()
    {
        var found = new FileSystemEnumerable<Kept>(
            folder, static (ref FileSystemEntry e) => new Kept(e.FileName.ToString(), e.Length, e.LastWriteTimeUtc.UtcTicks), Plain)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry e) =>
                !e.IsDirectory && e.FileName.EndsWith(".log", StringComparison.Ordinal),
        };
        var files = found.ToList();
        files.Sort(static (a, b) => a.Written.CompareTo(b.Written));
        return files;
    }

    /// <summary>How many of them go for their age.</summary>
    private int Aged(List<Kept> files)
    {
        // A clock that is set far ahead makes all of them old at once. So no more than half go in an hour, and none in the hour after
        // the start: who sets it right in time loses little.
        if (time.GetElapsedTime(_aged) < Every)
        {
            return 0;
        }

        _aged = time.GetTimestamp();
        var oldest = (time.GetUtcNow() - age).UtcTicks;
        return Math.Min(files.FindIndex(f => f.Written >= oldest) is >= 0 and var young ? young : files.Count, (files.Count + 1) / 2);
    }

    private void Remove(List<Kept> files, int aged)
    {
        // Some way below the bounds, so that the next line does not make the folder be read again.
        var bytes = _bytes > maxBytes ? maxBytes / 10 * 9 : maxBytes;
        var count = _files > maxFiles ? maxFiles - (maxFiles / 10) : maxFiles;
        for (var i = 0; i < files.Count && (i < aged || _bytes > bytes || _files > count); i++)
        {
            var path = Path.Combine(folder, files[i].Name);
            if (!_open.ContainsKey(path))
            {
                File.Delete(path);
                _bytes -= Taken(files[i].Length);
                _files--;
            }
        }
    }

    private readonly record struct Kept(string Name, long Length, long Written);
}
