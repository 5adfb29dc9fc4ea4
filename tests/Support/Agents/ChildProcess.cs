using System.Diagnostics;
using System.Text;

namespace OpsAgent.Tests.Support.Agents;

/// <summary>A program that a test started: its output kept, ended by its id when the test is over.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _printed = new();
    private readonly Action<string>? _onLine;
    private readonly bool _leadsGroup;

    // What a killed program leaves running may hold its output open for ever.
    private static readonly TimeSpan OutputEnds = TimeSpan.FromSeconds(5);

    private ChildProcess(Process process, Action<string>? onLine, bool leadsGroup)
    {
        _process = process;
        _onLine = onLine;
        _leadsGroup = leadsGroup;
    }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written so far, both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>What it has written so far to its standard output alone.</summary>
    public string Printed
    {
        get
        {
            lock (_output)
            {
                return _printed.ToString();
            }
        }
    }

    /// <summary>
    /// Starts a program with that environment and nothing else but what finds the runtime. Its input is at its end, unless it is kept.
    /// </summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Over the few names that are inherited.</param>
    /// <param name="keepInput">True: its standard input stays open.</param>
    /// <param name="onLine">Told each line of both streams as it comes, one at a time.</param>
    /// <param name="leadsGroup">True: the program makes itself the leader of a group, which is killed with it.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, bool keepInput = false,
        Action<string>? onLine = null, bool leadsGroup = false)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
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

        var child = new ChildProcess(new Process { StartInfo = start }, onLine, leadsGroup);
        child._process.OutputDataReceived += child.KeepPrinted;
        child._process.OutputDataReceived += child.Keep;
        child._process.ErrorDataReceived += child.Keep;
        child._process.Start();
        if (!keepInput)
        {
            child._process.StandardInput.Close();
        }

        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Its exit code, once it has ended by itself; throws with its output if it does not.</summary>
    public async Task<int> ExitAsync(TimeSpan? limit = null)
    {
        using var late = new CancellationTokenSource(limit ?? Eventually.Limit, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end; it wrote:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until it has written that text; throws with its output when it ends or the limit is reached.</summary>
    public async Task WritesAsync(string text)
    {
        await Eventually.HoldsAsync(() => Output.Contains(text, StringComparison.Ordinal) || HasExited, () => $"'{text}' in the output:\n{Output}");
        if (!Output.Contains(text, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{_process.StartInfo.FileName} ended without writing '{text}':\n{Output}");
        }
    }

    /// <summary>Writes a line to its input, which must have been kept.</summary>
    public async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Sends it a signal; nothing if it has ended by itself.</summary>
    public void Signal(PosixSignalNumber signal) => _ = Posix.TryKill(Pid, signal);

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (_leadsGroup)
        {
            Posix.KillGroup(Pid, PosixSignalNumber.Kill);
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        using var late = new CancellationTokenSource(OutputEnds, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException) when (_process.HasExited)
        {
            // It is gone; nobody reads any more what its children write.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void KeepPrinted(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _printed.Append(line.Data).Append(line.Data is null ? "" : Environment.NewLine);
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            lock (_output)
            {
                _output.AppendLine(text);
                _onLine?.Invoke(text);
            }
        }
    }
}
