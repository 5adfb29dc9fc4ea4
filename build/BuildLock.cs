namespace OpsAgent.Build;

/// <summary>
/// One build at a time in a checkout: another would overwrite what this one compiles, publishes or tests. The kernel lets go of
/// it when its holder ends, however it ends.
/// </summary>
internal sealed class BuildLock : IDisposable
{
    // How the exception tells that somebody else has the file: EAGAIN of flock, and Windows' sharing violation.
    private const int HeldOnUnix = 11;
    private const int HeldOnWindows = unchecked((int)0x80070020);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private BuildLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the lock; while somebody else has it, says so once and waits.</summary>
    public static async Task<BuildLock> TakeAsync(string path, TextWriter says, TimeProvider time)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var said = false; ; said = true)
        {
            try
            {
                // No sharing is an exclusive flock on Unix.
                return new BuildLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException held) when (held.HResult is HeldOnUnix or HeldOnWindows)
            {
                if (!said)
                {
                    await says.WriteLineAsync("another ./build.sh is at work in this checkout; waiting for it to end");
                }
            }

            await Task.Delay(BetweenTries, time);
        }
    }

    public void Dispose() => _file.Dispose();
}
