using System.CommandLine;
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

    private static readonly DoerCommandLine Line = new(
        new RootCommand("Takes a snapshot of the campaigns' datasets in Rucio and matches it with their production tasks.")
        {
            Named, Campaign, AllowShrink, DryRun,
        },
        SnapshotHelp.Text,
        static parsed => CampaignsOf(parsed).Where(static c => !CampaignForm.Fits(c))
            .Select(static c => $"'{OneLine.Of(c, 60)}' is no campaign's name ({CampaignForm.Rule})"));

    /// <summary>Parses, runs and returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        Line.RunAsync(args, output, error, static (parsed, log, stop) =>
        {
            var arguments = new SnapshotArguments(
                [.. CampaignsOf(parsed).Distinct(StringComparer.Ordinal)], parsed.GetValue(AllowShrink), parsed.GetValue(DryRun));
            var settings = SnapshotSettings.From(DoerEnvironment.OfProcess);
            return new SnapshotRun(arguments, settings, DoerEnvironment.OfProcess, log, TimeProvider.System).RunAsync(stop);
        });

    private static string[] CampaignsOf(ParseResult parsed) => [.. parsed.GetValue(Named) ?? [], .. parsed.GetValue(Campaign) ?? []];
}
