using System.CommandLine;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary><c>--watch</c> and <c>--interval</c>, for what can be shown again and again.</summary>
internal sealed class LiveOptions
{
    private readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "show it again at every interval, until Ctrl-C; on a terminal in its place",
    };

    private readonly Option<TimeSpan> _interval = DurationText.Option(
        "--interval", "with --watch, from one time to the next", TimeSpan.FromSeconds(2), least: TimeSpan.FromMilliseconds(100));

    public void AddTo(Command command)
    {
        command.Options.Add(_watch);
        command.Options.Add(_interval);
    }

    /// <summary>True if it is shown until Ctrl-C.</summary>
    public bool IsWatching(ParseResult line) => line.GetValue(_watch);

    /// <summary>Shows once, or again and again if that is asked for.</summary>
    public async Task<int> ShowAsync(
        ParseResult line, GlobalOptions options, Surroundings surroundings, Func<Screen, CancellationToken, Task> show, CancellationToken cancellationToken)
    {
        var format = line.GetValue(options.Output);
        if (line.GetValue(_watch))
        {
            await new LiveView(surroundings, format, line.GetValue(_interval)).RunAsync(show, cancellationToken);
        }
        else
        {
            await show(new Screen(surroundings, format), cancellationToken);
        }

        return ExitCode.Ok;
    }
}
