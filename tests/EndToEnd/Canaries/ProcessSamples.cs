using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>Looks again and again at a process and all that descends from it, as any user of the host may for argv.</summary>
internal sealed class ProcessSamples : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(4);

    private readonly int _root;
    private readonly ConcurrentDictionary<string, (string Program, byte[] CommandLine, byte[] Environment)> _seen = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;

    /// <param name="root">The agent's pid.</param>
    public ProcessSamples(int root)
    {
        _root = root;
        _looking = Task.Run(LookAsync);
    }

    /// <summary>Each program with a command line and an environment, once.</summary>
    public IReadOnlyCollection<(string Program, byte[] CommandLine, byte[] Environment)> Seen => [.. _seen.Values];

    /// <summary>Looks once.</summary>
    public void Look()
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(static d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0)
            .Where(static pid => pid > 0).ToDictionary(static pid => pid, ParentOf);
        foreach (var pid in parents.Keys)
        {
            var at = pid;
            for (var depth = 0; at != _root && at > 1 && depth < 20; depth++)
            {
                at = parents.GetValueOrDefault(at);
            }

            if (at == _root && Read(pid, "cmdline") is { Length: > 0 } line && Read(pid, "environ") is { Length: > 0 } environment)
            {
                _seen.TryAdd(Convert.ToHexString([.. line, 0, .. environment]), (ProgramOf(line), line, environment));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private static string ProgramOf(byte[] line)
    {
        var words = Encoding.UTF8.GetString(line).Split('\0');
        var name = Path.GetFileName(words[0]);
        return (name is "sh" or "dash" or "bash" || name.StartsWith("python", StringComparison.Ordinal)) && words.Length > 1
            ? Path.GetFileName(words[1])
            : name;
    }

    private static int ParentOf(int pid)
    {
        var stat = Encoding.UTF8.GetString(Read(pid, "stat") ?? []);
        var rest = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 0;
    }

    private static byte[]? Read(int pid, string name)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/{name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Between);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Seen enough.
        }
    }
}
