using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>What the last run saw of an agent that did not answer. One guard at a time holds it.</summary>
internal sealed class GuardMemory : IDisposable
{
    /// <summary>What is older is not 'the last run' any more: cron comes every two minutes.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromMinutes(15);

    private const int Longest = 4096;
    private readonly FileStream _file;

    private GuardMemory(FileStream file) => _file = file;

    /// <summary>Opens it; null if another guard is at work.</summary>
    /// <exception cref="OpsCtlException">It can't be kept there (exit 78).</exception>
    public static GuardMemory? TryOpen(string path)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const int WouldBlock = 11;
        if (OperatingSystem.IsWindows())
        {
            throw new OpsCtlException(ExitCode.Configuration, "there is no systemd here", "run the guard on the agent's host");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, Owner | UnixFileMode.UserExecute);
            return new GuardMemory(new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = Owner,
                BufferSize = 0,
            }));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OpsCtlException(
                ExitCode.Configuration,
                $"the guard can't remember from one run to the next: {e.Message}",
                "run it as root, or set EPICPROD_GUARD_MEMORY to a file of its own",
                e);
        }
    }

    /// <summary>True if the run before this one found the same agent silent.</summary>
    public bool SaysSilent(int mainPid, DateTimeOffset now)
    {
        try
        {
            Span<byte> text = stackalloc byte[Longest];
            _file.Position = 0;
            var length = _file.ReadAtLeast(text, Longest, throwOnEndOfStream: false);
            return length > 0
                && JsonSerializer.Deserialize(text[..length], GuardMemoryJson.Default.Silence) is { } seen
                && seen.MainPid == mainPid
                && now - seen.At is var age && age >= TimeSpan.Zero && age <= Validity;
        }
        catch (JsonException)
        {
            // Half written, or not ours: then nothing is remembered.
            return false;
        }
    }

    /// <summary>Remembers that this agent was silent.</summary>
    public void Remember(int mainPid, DateTimeOffset now)
    {
        Forget();
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(new Silence(mainPid, now), GuardMemoryJson.Default.Silence));
    }

    public void Forget()
    {
        _file.SetLength(0);
        _file.Position = 0;
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>An agent that did not answer.</summary>
internal sealed record Silence(int MainPid, DateTimeOffset At);

[JsonSerializable(typeof(Silence))]
internal sealed partial class GuardMemoryJson : JsonSerializerContext;
