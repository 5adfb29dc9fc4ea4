using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Handlers;

/// <summary>
/// Writes the <c>.error</c> files that pages read to learn why a log is not there and how often it was tried:
/// <c>{"attempts": 2, "last_error": "...", "ts": "2026-01-01T00:00:00.000000+00:00"}</c>.
/// </summary>
/// <param name="root"><c>SWF_TMP_DIR</c>; it may be a symbolic link, nothing below it may.</param>
/// <param name="clock">For <c>ts</c>.</param>
/// <param name="logger">Told of what could not be written.</param>
internal sealed partial class FailureMarkers(string root, TimeProvider clock, ILogger<FailureMarkers> logger) : IDisposable
{
    /// <summary>A folder that has it holds a complete log: no failure belongs beside it.</summary>
    private const string DoneMarker = ".done";

    private const int MaxPrevious = 64 * 1024;

    /// <summary>How long a hold's teller waits for a marker.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Two requests for one job may end at once (one refused, one run): neither may lose the other's count.
    private readonly Lock _gate = new();
    private readonly MarkerThread _thread = new();

    /// <summary>The last held request's marker that was waited for; under way only if it was given up.</summary>
    private volatile Task _waitedFor = Task.CompletedTask;

    /// <summary>As <see cref="Write"/>, on the markers' own thread.</summary>
    public Task<int> WriteAsync(string path, string reason, bool counts) => _thread.RunAsync(() => Write(path, reason, counts));

    /// <summary>
    /// As <see cref="WriteAsync"/>, for a request that waits: it is an attempt of nobody's, and on a disk that hangs it is written
    /// whenever that goes on. It waits for the disk a little, and not at all while one before is still under way.
    /// </summary>
    public async Task WriteHeldAsync(string path, string reason, CancellationToken cancellationToken)
    {
        var hangs = !_waitedFor.IsCompleted;
        var written = WriteAsync(path, reason, counts: false);
        if (hangs)
        {
            return;
        }

        _waitedFor = written;
        try
        {
            await written.WaitAsync(Patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            Hangs(path);
        }
    }

    public void Dispose() => _thread.Dispose();

    /// <summary>
    /// Writes a marker, or leaves it when its folder holds a complete log. A disk that fails is logged and no more: the
    /// settlement does not wait for it.
    /// </summary>
    /// <param name="path">Relative to the root.</param>
    /// <param name="reason">For <c>last_error</c>.</param>
    /// <param name="counts">True if a doer ran: one attempt more.</param>
    /// <returns>The attempts so far; if the former marker could not be read, this one alone.</returns>
    public int Write(string path, string reason, bool counts)
    {
        var parts = path.Split('/');
        var attempts = 0;
        lock (_gate)
        {
            try
            {
                using var folder = FailureMarkerFolder.Open(root, parts.AsSpan()[..^1]);
                attempts = Attempts(folder.Read(parts[^1], MaxPrevious));
                attempts += counts && attempts < int.MaxValue ? 1 : 0;
                if (folder.Has(DoneMarker))
                {
                    FolderIsDone(path);
                }
                else
                {
                    folder.Replace(parts[^1], Content(attempts, reason));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                NotWritten(path, e);
                attempts = attempts == 0 && counts ? 1 : attempts;
            }
        }

        return attempts;
    }

    private static int Attempts(ReadOnlyMemory<byte> previous)
    {
        if (previous.IsEmpty)
        {
            return 0;
        }

        try
        {
            using var document = JsonDocument.Parse(previous);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("attempts", out var attempts)
                && attempts.ValueKind == JsonValueKind.Number && attempts.TryGetInt32(out var count)
                    ? Math.Max(count, 0)
                    : 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What can't be read counts as no attempt: that is the facility's rule for this file.
            return 0;
        }
    }

    private byte[] Content(int attempts, string reason) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["attempts"] = attempts,
        ["last_error"] = reason,
        ["ts"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture),
    });
}
