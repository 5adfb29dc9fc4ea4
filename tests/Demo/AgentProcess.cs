using System.Diagnostics;
using System.Text.RegularExpressions;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Demo;

/// <summary>The published agent in standalone mode. Its log goes to a file, and what matters of it is told as it comes.</summary>
internal sealed partial class AgentProcess : IAsyncDisposable
{
    private readonly Voice _voice;
    private readonly StreamWriter _log;
    private readonly ChildProcess _process;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private AgentProcess(string program, string[] arguments, IReadOnlyDictionary<string, string> environment, string log, Voice voice)
    {
        _voice = voice;
        _log = new StreamWriter(log) { AutoFlush = true };
        _process = ChildProcess.Start(program, arguments, environment, Hear);
    }

    public int Pid => _process.Pid;

    public bool HasExited => _process.HasExited;

    public static AgentProcess Start(
        DemoFolder folder, IReadOnlyDictionary<string, string> environment, bool onSmallDisk, Voice voice)
    {
        var agent = Path.Combine(folder.Tree, "bin", "opsagent");
        var (program, arguments) = onSmallDisk ? SmallDisk.Command(folder.Cache, agent, "--standalone") : (agent, ["--standalone"]);
        return new AgentProcess(program, arguments, environment, folder.AgentLog, voice);
    }

    /// <summary>Returns its broker's port once it takes requests.</summary>
    public async Task<int> ReadyAsync(CancellationToken stop)
    {
        var connected = await Patience.ForAsync(ConnectedOrEnded, "the agent is ready", stop);
        _voice.Now($"pid {Pid}, broker on 127.0.0.1:{connected.Groups[1].Value}, ready after {_watch.ElapsedMilliseconds} ms");
        return int.Parse(connected.Groups[1].ValueSpan);
    }

    /// <summary>Asks it to end, and waits for that.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Signal(Support.PosixSignalNumber.Terminate);
        }

        var code = await _process.ExitAsync(Patience.Limit);
        if (code != 0)
        {
            throw new SurpriseException($"the agent ended with {code}, not 0");
        }
    }

    /// <summary>Lets it end its doers first, which would outlive it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (Exception e) when (e is SurpriseException or TimeoutException)
        {
            // Nobody asks any more how it ends; if it has not, it is ended now.
        }

        await _process.DisposeAsync();
        await _log.DisposeAsync();
    }

    private Match? ConnectedOrEnded()
    {
        if (_process.HasExited)
        {
            throw new SurpriseException($"the agent ended at once: {string.Join(" / ", _process.Output.TrimEnd().Split('\n').TakeLast(2))}");
        }

        return Connected().Match(_process.Output) is { Success: true } connected ? connected : null;
    }

    private void Hear(string line)
    {
        _log.WriteLine(line);
        if (Started().Match(line) is { Success: true } started)
        {
            _voice.Now($"the agent starts the doer {started.Groups[1].Value}, pid {started.Groups[2].Value}");
        }
        else if (DoerSays().Match(line) is { Success: true } says)
        {
            _voice.Now(says.Groups[1].Value);
        }
    }

    [GeneratedRegex(@"connected to 127\.0\.0\.1:(\d+), .*consuming ")]
    private static partial Regex Connected();

    [GeneratedRegex(@" Started (\S+), pid (\d+)$")]
    private static partial Regex Started();

    [GeneratedRegex(@" \S+   (payload-log: .*)$")]
    private static partial Regex DoerSays();
}
