using System.Diagnostics;
using System.Text;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.Facility.Doors;

/// <summary>
/// Runs a program in a session of its own and ends all of it when cancelled. setsid turns into the program, so its pid is the
/// group's; no shell is involved.
/// </summary>
internal static class ChildGroup
{
    private const string SetSid = "/usr/bin/setsid";
    private const int LinesKept = 20;
    private const int LineLimit = 16 << 10; // several times a door's URL: a secret must be seen whole to be hidden
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Runs it to its end; <paramref name="hide"/> takes the secrets out of each line that it says.</summary>
    public static async Task<ChildEnd> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment,
        Func<string, string> hide, TimeProvider time, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(SetSid, [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var child = Process.Start(start)!;
        child.StandardInput.Close();
        var errors = ReadLinesAsync(child.StandardError, hide);
        var output = ReadLinesAsync(child.StandardOutput, hide);
        try
        {
            await child.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(child, time);
            throw;
        }

        if (!await EndsWithin(Task.WhenAll(errors, output), time))
        {
            _ = Posix.Kill(-child.Id, Posix.SigKill); // what the program left running holds the pipes; its own end is what counts
        }

        return new ChildEnd(child.ExitCode, errors.IsCompleted ? await errors : []);
    }

    private static async Task EndAsync(Process child, TimeProvider time)
    {
        _ = Posix.Kill(-child.Id, Posix.SigTerm);
        await EndsWithin(child.WaitForExitAsync(CancellationToken.None), time);
        _ = Posix.Kill(-child.Id, Posix.SigKill);
        if (!child.HasExited)
        {
            child.Kill(); // if the limit came before setsid had made the group
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> EndsWithin(Task task, TimeProvider time)
    {
        try
        {
            await task.WaitAsync(Grace, time, CancellationToken.None);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task<IReadOnlyList<string>> ReadLinesAsync(StreamReader reader, Func<string, string> hide)
    {
        var lines = new Queue<string>();
        var block = new char[4096];
        var line = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(block)) > 0)
        {
            foreach (var c in block.AsSpan(0, count))
            {
                if (c is '\n' or '\r')
                {
                    Keep(lines, line, hide);
                }
                else if (line.Length < LineLimit)
                {
                    line.Append(c);
                }
            }
        }

        Keep(lines, line, hide);
        return [.. lines];
    }

    private static void Keep(Queue<string> lines, StringBuilder line, Func<string, string> hide)
    {
        var said = line.ToString();
        line.Clear();
        if (said.Length == LineLimit)
        {
            said = said[..(said.LastIndexOf(' ') + 1)]; // the word that was cut may be half a secret
        }

        var text = OneLine.Of(hide(said));
        if (text.Length == 0)
        {
            return;
        }

        if (lines.Count == LinesKept)
        {
            lines.Dequeue();
        }

        lines.Enqueue(text);
    }
}
