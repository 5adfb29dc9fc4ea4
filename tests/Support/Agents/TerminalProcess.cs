using System.Diagnostics;
using System.Text;

namespace OpsAgent.Tests.Support.Agents;

/// <summary>A program at a real terminal of some size, somebody typing; ended with the test.</summary>
public sealed class TerminalProcess : IAsyncDisposable
{
    /// <summary>Ctrl-C.</summary>
    public const string Interrupt = "\u0003";

    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly Task _reading;

    private TerminalProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>All that was written to the terminal so far, as it was written.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    /// <summary>Starts a program with that environment and nothing else but what finds the runtime.</summary>
    public static TerminalProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, int columns = 80, int rows = 24)
    {
        var words = string.Join(' ', arguments.Prepend(program).Select(static w => $"'{w.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

        // A suite that was started in the background has Ctrl-C ignored, and so would all that it starts.
        var start = new ProcessStartInfo(
            "/usr/bin/env",
            ["--default-signal=INT,QUIT", "/usr/bin/script", "-qfec", $"stty cols {columns} rows {rows}; exec {words}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["SHELL"] = "/bin/sh";
        start.Environment["TERM"] = "xterm";
        foreach (var name in (string[])["HOME", "DOTNET_ROOT"])
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                start.Environment[name] = value;
            }
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new TerminalProcess(Process.Start(start) ?? throw new InvalidOperationException("script did not start"));
    }

    /// <summary>Types.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until that is on the terminal, and not before.</summary>
    public Task ShowsAsync(string text) => Eventually.HoldsAsync(
        () => Screen.Contains(text, StringComparison.Ordinal), () => $"'{text}' on the terminal:\n{Screen}");

    /// <summary>Its exit code, once it has ended by itself.</summary>
    public async Task<int> ExitAsync()
    {
        using var late = new CancellationTokenSource(Eventually.Limit, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"it did not end; the terminal shows:\n{Screen}");
        }

        await _reading;
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_screen)
            {
                _screen.Append(buffer, 0, count);
            }
        }
    }
}
