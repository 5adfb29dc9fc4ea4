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

    /// <summary>Runs it to its end, and to the end of its output.</summary>
    public static async Task<ChildEnd> RunAsync(GroupCommand command, TimeProvider time, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var child = Start(command);
        var errors = ReadLinesAsync(child.StandardError, command.Hide);
        var output = command.Output(child.StandardOutput.BaseStream, stop);
        try
        {
            await TellAsync(child, command.Input, stop);
            var ended = child.WaitForExitAsync(stop);
            if (await Task.WhenAny(output, ended) == output)
            {
                await output; // what nobody reads any more would hold the program up for ever
            }

            await ended;
            if (!await EndsWithin(Task.WhenAll(errors, output), time))
            {
                _ = Posix.Kill(-child.Id, Posix.SigKill); // what the program left running holds the pipes; its own end is what counts
                await output.WaitAsync(stop);
            }
        }
        catch
        {
            await EndAsync(child, time);
            await EndsWithin(Task.WhenAny(output), time);
            throw;
        }

        return new ChildEnd(child.ExitCode, errors.IsCompleted ? await errors : []);
    }

    private static Process Start(GroupCommand command)
    {
        var start = new ProcessStartInfo(SetSid, [command.Program, .. command.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task TellAsync(Process child, string input, CancellationToken stop)
    {
        try
        {
            await using var stdin = child.StandardInput;
            await stdin.WriteAsync(input.AsMemory(), stop);
        }
        catch (IOException)
        {
            // It ended without reading it: its exit code says why.
        }
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
