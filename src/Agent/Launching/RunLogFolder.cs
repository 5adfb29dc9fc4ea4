using System.Globalization;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Where the output of runs is kept: a file per attempt, of lines <c>TIME STREAM TEXT</c>. The stream is <c>out</c>, <c>err</c>, or
/// <c>agent</c> for what the agent has to say of it.
/// </summary>
internal sealed class RunLogFolder(string path)
{
    /// <summary>Its name below the state folder; opsctl reads it there while no agent runs.</summary>
    public const string Name = "logs";

    private const string Ending = ".log";
    private const int LeastProbed = 10;
    private const int MostProbed = 100;

    /// <summary>The folder; empty if no output is kept.</summary>
    public string Path => path;

    /// <summary>The file of an attempt, there or not.</summary>
    public string FileOf(RequestId request, int attempt) =>
        System.IO.Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{request.Value}.{attempt}{Ending}"));

    /// <summary>
    /// The attempts of a request that something is kept of, oldest first, where it is known how many there were: of more than 100 the
    /// last 100. Does not list the folder, which has thousands of files.
    /// </summary>
    public IReadOnlyList<int> Attempts(RequestId request, int known)
    {
        // More may have begun since.
        var last = Math.Max(known + 1, LeastProbed);
        var first = Math.Max(1, last - MostProbed + 1);
        return path.Length == 0
            ? []
            : [.. Enumerable.Range(first, last - first + 1).Where(attempt => File.Exists(FileOf(request, attempt)))];
    }

    /// <summary>The attempts of a request that something is kept of, oldest first; lists the folder.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    public IReadOnlyList<int> Attempts(RequestId request)
    {
        if (path.Length == 0 || !Directory.Exists(path))
        {
            return [];
        }

        var attempts = new List<int>();
        foreach (var file in Directory.EnumerateFiles(path, $"{request.Value}.*{Ending}"))
        {
            var middle = System.IO.Path.GetFileName(file.AsSpan())[(request.Value.Length + 1)..^Ending.Length];
            if (int.TryParse(middle, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt))
            {
                attempts.Add(attempt);
            }
        }

        attempts.Sort();
        return attempts;
    }

    /// <summary>Whole lines from an offset on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="attempt">One of its attempts.</param>
    /// <param name="offset">In bytes; what <paramref name="next"/> said before.</param>
    /// <param name="limit">At most so many bytes.</param>
    /// <param name="next">Where to go on.</param>
    /// <returns>Empty if there is nothing more now.</returns>
    public ReadOnlyMemory<byte> Read(RequestId request, int attempt, long offset, int limit, out long next)
    {
        next = offset;
        var buffer = new byte[limit];
        int count;
        try
        {
            using var file = File.OpenHandle(FileOf(request, attempt), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            count = RandomAccess.Read(file, buffer, offset);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Removed for its age since it was listed.
            return default;
        }

        var end = buffer.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
        next = offset + end;
        return buffer.AsMemory(0, end);
    }
}
