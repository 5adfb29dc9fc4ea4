using System.Diagnostics;
using System.Text;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>A pipe in place of a program's output, which nobody reads but when the test does.</summary>
internal sealed class UnreadPipe
{
    private readonly string _path;

    private UnreadPipe(string path) => _path = path;

    /// <summary>Becomes the program after it, with both streams at the pipe, which the program itself holds open at both ends.</summary>
    public IReadOnlyList<string> Behind => ["/bin/sh", "-c", "exec \"$@\" 1<>\"$0\" 2>&1", _path];

    public static async Task<UnreadPipe> MakeAsync(TemporaryFolder folder)
    {
        using var made = Process.Start("mkfifo", folder.At("output"));
        await made.WaitForExitAsync();
        return new UnreadPipe(folder.At("output"));
    }

    /// <summary>Reads until that text has come, and then no more; throws when the limit is reached.</summary>
    public Task ReadToAsync(string text) => Task.Factory
        .StartNew(() => ReadTo(text), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        .WaitAsync(Eventually.Limit, TimeProvider.System);

    private void ReadTo(string text)
    {
        using var pipe = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var buffer = new byte[64 * 1024];
        var kept = "";
        while (!kept.Contains(text, StringComparison.Ordinal))
        {
            var count = pipe.Read(buffer);
            if (count == 0)
            {
                throw new EndOfStreamException($"'{text}' was not written");
            }

            // The text may come in two pieces.
            kept = kept[^Math.Min(kept.Length, text.Length)..] + Encoding.UTF8.GetString(buffer, 0, count);
        }
    }
}
