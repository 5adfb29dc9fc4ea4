namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>Texts of <c>command/?fmt=panda</c>: <c>prun</c>, then one option a line; only the value of <c>--exec</c> is quoted.</summary>
public static class PandaCommandText
{
    /// <summary>What runs on the worker node: several lines, with all that a shell there needs and none here may touch.</summary>
    public const string Exec = "source /opt/detector/epic-main/setup.sh; export N=$1\n./run.sh %RNDM:1000 > out.log 2>&1 | tee \"$N\"";

    /// <summary>A command as PCS writes it.</summary>
    public static string Of(string outDs, params string[] more) => string.Join(" \\\n  ", (string[])
    [
        "prun",
        $"--exec {Quoted(Exec)}",
        $"--outDS {outDs}",
        "--official",
        "--containerImage docker://eicweb/eic_xl:26.07-stable",
        "--site BNL_OSG_PanDA_1",
        "--workingGroup EIC",
        "--resourceType SCORE",
        "--prodSourceLabel managed",
        "--vo eic",
        "--processingType epicproduction",
        "--nJobs 100",
        "--nEventsPerJob 1000",
        "--nCore 1",
        "--noBuild",
        "--expertOnly_skipScout",
        "--outputs out.root",
        .. more,
    ]) + "\n";

    private static string Quoted(string text) => $"'{text.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
}
