using System.CommandLine;
using System.CommandLine.Help;

namespace OpsAgent.Doers.Facility;

/// <summary>A doer's command line: its options, <c>--help</c>, and exit 2 with one line for anything else.</summary>
/// <param name="root">The options and arguments.</param>
/// <param name="help">What <c>--help</c> says beyond them.</param>
/// <param name="misfits">What is wrong with values that could be read; a line for each.</param>
public sealed class DoerCommandLine(RootCommand root, string help, Func<ParseResult, IEnumerable<string>> misfits)
{
    /// <summary>Parses, runs <paramref name="work"/> under <see cref="DoerHost"/> and returns the exit code.</summary>
    public async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, Func<ParseResult, DoerLog, CancellationToken, Task<DoerEnd>> work)
    {
        root.Directives.Clear(); // no [suggest] or [diagram]: arguments come from messages
        var parsed = root.Parse(args, new ParserConfiguration
        {
            ResponseFileTokenReplacer = null, // a value that begins with @ is a value
            EnablePosixBundling = false,
        });
        if (parsed.Errors.Count == 0 && parsed.Action is HelpAction or { ClearsParseErrors: true })
        {
            await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
            await output.WriteAsync(help);
            return (int)DoerExit.Ok;
        }

        var log = new DoerLog(error);
        return await DoerHost.RunAsync(log, output, async stop =>
        {
            ThrowIfWrong(parsed);
            return await work(parsed, log, stop);
        });
    }

    private void ThrowIfWrong(ParseResult parsed)
    {
        List<string> wrong = [.. parsed.Errors.Select(static e => e.Message)];
        if (wrong.Count == 0)
        {
            wrong.AddRange(misfits(parsed)); // a value that could not be read has none to look at
        }

        if (wrong.Count > 0)
        {
            throw new DoerException(DoerExit.Usage, string.Join("; ", wrong) + " (see --help)");
        }
    }
}
