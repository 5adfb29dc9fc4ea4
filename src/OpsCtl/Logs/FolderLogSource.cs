using System.Globalization;
using System.Text;
using OpsAgent.Abstractions;

namespace OpsAgent.OpsCtl.Logs;

/// <summary>Reads the agent's files while none runs: one <c>ID.ATTEMPT.log</c> for each attempt.</summary>
internal sealed class FolderLogSource(string folder) : ILogSource
{
    private const int MaxPiece = 64 * 1024;

    public Task<LogPiece> ReadAsync(string id, int attempt, long offset, CancellationToken cancellationToken)
    {
        if (!RequestId.TryParse(id, out _))
        {
            throw new OpsCtlException(
                ExitCode.Usage, "that is no request id", $"an id is at most {RequestId.MaxLength} of A-Z a-z 0-9 . _ : -, not . or ..");
        }

        try
        {
            return Task.FromResult(Read(id, attempt, offset));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new OpsCtlException(
                ExitCode.Unreachable, $"{folder} may not be read by this user", "use sudo -u with the agent's user", e);
        }
        catch (IOException e)
        {
            throw new OpsCtlException(ExitCode.Unreachable, $"{folder} can't be read: {e.Message}", "check the disk that it is on", e);
        }
    }

    public void Dispose()
    {
    }

    private LogPiece Read(string id, int attempt, long offset)
    {
        int[] attempts = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, $"{id}.*.log").Select(f => AttemptOf(f, id)).Where(static a => a > 0).Order()]
            : [];
        if (attempts.Length == 0)
        {
            return new LogPiece("", attempts, 0, "", 0);
        }

        attempt = attempt > 0 ? attempt : attempts[0];
        using var file = File.OpenHandle(
            Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{id}.{attempt}.log")), options: FileOptions.None);
        var buffer = new byte[MaxPiece];
        var piece = buffer.AsSpan(0, RandomAccess.Read(file, buffer, offset));
        piece = piece[..(piece.LastIndexOf((byte)'\n') + 1)];
        return new LogPiece("", attempts, attempt, Encoding.UTF8.GetString(piece), offset + piece.Length);
    }

    private static int AttemptOf(string file, string id) =>
        int.TryParse(
            Path.GetFileName(file.AsSpan())[(id.Length + 1)..^4], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? attempt
            : 0;
}
