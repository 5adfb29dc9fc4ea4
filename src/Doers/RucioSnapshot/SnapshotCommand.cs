using System.CommandLine;
using System.CommandLine.Help;
using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.RucioSnapshot;

/// <summary>The command line: campaigns as arguments or by <c>--campaign</c>; anything else is exit 2.</summary>
internal static class SnapshotCommand
{
    private static readonly Argument<string[]> Named = new("campaign")
    {
        Description = "Campaigns to take, 26.02; without any those that PCS names",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string[]> Campaign = new("--campaign")
    {
        Description = "A campaign to take; may be given more than once",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> AllowShrink = new("--allow-shrink")
    {
        Description = "Go on although more than a tenth of the tasks that have outputs would lose all of them",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Write no file and no task; tell which tasks would be written",
        Arity = ArgumentArity.Zero,
    };

    /// <summary>Parses, runs and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var log = new DoerLog(error);
        var parsed = Root().Parse(args, new ParserConfiguration
        {
            ResponseFileTokenReplacer = null, // a value that begins with @ is a value
            EnablePosixBundling = false,
        });
        if (parsed.Errors.Count == 0 && parsed.Action is HelpAction or { ClearsParseErrors: true })
        {
            await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
            await output.WriteAsync(SnapshotHelp.Text);
            return (int)DoerExit.Ok;
        }

        return await DoerHost.RunAsync(log, output, stop =>
        {
            var run = new SnapshotRun(
                ArgumentsOf(parsed), SnapshotSettings.From(DoerEnvironment.OfProcess), DoerEnvironment.OfProcess, log, TimeProvider.System);
            return run.RunAsync(stop);
        });
    }

    private static SnapshotArguments ArgumentsOf(ParseResult parsed)
    {
        var wrong = parsed.Errors.Select(e => e.Message).ToList();
        string[] campaigns = wrong.Count > 0 ? [] : [.. parsed.GetValue(Named) ?? [], .. parsed.GetValue(Campaign) ?? []];
        wrong.AddRange(campaigns.Where(static c => !CampaignForm.Fits(c))
            .Select(static c => $"'{OneLine.Of(c, 60)}' is no campaign's name ({CampaignForm.Rule})"));
        return wrong.Count == 0
            ? new SnapshotArguments([.. campaigns.Distinct(StringComparer.Ordinal)], parsed.GetValue(AllowShrink), parsed.GetValue(DryRun))
            : throw new DoerException(DoerExit.Usage, string.Join("; ", wrong) + " (see --help)");
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Takes a snapshot of the campaigns' datasets in Rucio and matches it with their production tasks.")
        {
            Named, Campaign, AllowShrink, DryRun,
        };
        root.Directives.Clear(); // no [suggest] or [diagram]: arguments come from messages
        return root;
    }
}
