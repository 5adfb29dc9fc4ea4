using System.Diagnostics;

namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>The built doer as a child process with an environment of its own, as cron or the agent start it.</summary>
public sealed class DoerProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Task<string> _stdout;
    private readonly Task<string> _stderr;

    /// <summary>Starts <paramref name="wrapper"/>, if any, with the doer and its arguments behind it.</summary>
    public DoerProcess(
        IEnumerable<string> wrapper, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? program = null)
    {
        List<string> line = [.. wrapper, program ?? Program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _stdout = _process.StandardOutput.ReadToEndAsync();
        _stderr = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The program under test.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "payload-log");

    /// <summary>Its pid.</summary>
    public int Id => _process.Id;

    /// <summary>Waits for its end.</summary>
    public async Task<DoerRun> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        await _process.WaitForExitAsync(limit.Token);
        return new DoerRun(_process.ExitCode, await _stdout, await _stderr);
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/usr/bin/kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
