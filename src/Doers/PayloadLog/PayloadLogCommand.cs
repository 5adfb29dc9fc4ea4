using System.CommandLine;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Rucio;

namespace OpsAgent.Doers.PayloadLog;

/// <summary>The command line: <c>--x v</c> and <c>--x=v</c>, anything else is exit 2.</summary>
internal static class PayloadLogCommand
{
    private static readonly Option<string> Scope =
        Text("--scope", "Rucio scope of the log tarball", ArgumentForms.IsScope, "a Rucio scope");

    private static readonly Option<string> Lfn =
        Text("--lfn", "Logical file name of the log tarball", ArgumentForms.IsFileName, "a file name");

    private static readonly Option<string> JediTaskId =
        Text("--jeditaskid", "JEDI task of the job", ArgumentForms.IsId, "1 to 19 digits");

    private static readonly Option<string> PandaId =
        Text("--pandaid", "PanDA job whose log it is", ArgumentForms.IsId, "1 to 19 digits");

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Fetch again although the cache has the log; the cached one stays until the new one is whole",
        Arity = ArgumentArity.Zero,
    };

    private static readonly DoerCommandLine Line = new(
        new RootCommand("Fetches one PanDA job's log tarball from Rucio's storage and caches its four logs.")
        {
            Scope, Lfn, JediTaskId, PandaId, Force,
        },
        PayloadLogHelp.Text,
        static _ => []);

    /// <summary>Parses, runs and returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        Line.RunAsync(args, output, error, static async (parsed, log, stop) =>
        {
            await new PayloadLogRun(DoerEnvironment.OfProcess, log, TimeProvider.System).FetchAsync(ArgumentsOf(parsed), stop);
            return new DoerEnd(DoerExit.Ok, "");
        });

    private static PayloadLogArguments ArgumentsOf(ParseResult parsed) => new(
        new Did(parsed.GetRequiredValue(Scope), parsed.GetRequiredValue(Lfn)),
        parsed.GetRequiredValue(JediTaskId),
        parsed.GetRequiredValue(PandaId),
        parsed.GetValue(Force));

    private static Option<string> Text(string name, string description, Func<string, bool> fits, string form)
    {
        var option = new Option<string>(name) { Description = description, Required = true, Arity = ArgumentArity.ExactlyOne };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!fits(token.Value))
                {
                    result.AddError($"{name} must be {form}, not '{OneLine.Of(token.Value, 60)}'");
                }
            }
        });
        return option;
    }
}
