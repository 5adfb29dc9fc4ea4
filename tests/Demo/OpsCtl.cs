using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Demo;

/// <summary>The operator's command line, with its call and its output shown.</summary>
internal sealed class OpsCtl(string program, IReadOnlyDictionary<string, string> environment, Voice voice)
{
    /// <summary>Runs it and expects that exit code.</summary>
    public async Task ShowAsync(int expected, CancellationToken stop, params string[] arguments)
    {
        var line = $"opsctl {string.Join(' ', arguments)}";
        voice.Command(line);
        var (code, _) = await RunAsync(arguments, voice.Shown, stop);
        if (code != expected)
        {
            await EndsWithItAsync(code, stop);
            throw new SurpriseException($"'{line}' ended with {code}, not {expected}");
        }
    }

    /// <summary>Runs it for what it prints.</summary>
    public async Task<string> ReadAsync(CancellationToken stop, params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments, null, stop);
        return code == 0 ? output : throw new SurpriseException($"'opsctl {string.Join(' ', arguments)}' ended with {code}: {output.Trim()}");
    }

    // A terminal's Ctrl-C goes to all of its programs, and this one's own may be told a moment later.
    private static async Task EndsWithItAsync(int code, CancellationToken stop)
    {
        const int Interrupted = 130;
        if (code == Interrupted)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, stop);
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, Action<string>? onLine, CancellationToken stop)
    {
        await using var opsctl = ChildProcess.Start(program, arguments, environment, onLine: onLine);
        var code = await opsctl.ExitAsync(Patience.Limit).WaitAsync(stop);
        return (code, opsctl.Output);
    }
}
