namespace OpsAgent.Agent.Launching;

/// <summary>Bounds what the logs of runs take on disk: removes the old ones, then the oldest until there is room again.</summary>
internal sealed class RunLogRoom(string folder, long maxBytes, TimeSpan age, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private long _total;
    private long? _tidied;

    /// <summary>True if it is worth a look.</summary>
    public bool IsDue => _total > maxBytes || _tidied is not { } at || time.GetElapsedTime(at) >= Every;

    public void Wrote(string file, int bytes)
    {
        _total += bytes;
        _open.Add(file);
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

        var files = new DirectoryInfo(folder).EnumerateFiles("*.log").OrderBy(static f => f.LastWriteTimeUtc).ToList();
        var oldest = time.GetUtcNow() - age;
        _total = files.Sum(static f => f.Length);

        // Some way below the bound, so that the next line does not make the folder be read again.
        var wanted = _total > maxBytes ? maxBytes / 10 * 9 : maxBytes;
        foreach (var file in files)
        {
            if (file.LastWriteTimeUtc >= oldest && _total <= wanted)
            {
                return;
            }

            if (!_open.Contains(file.FullName))
            {
                _total -= file.Length;
                file.Delete();
            }
        }
    }
}
