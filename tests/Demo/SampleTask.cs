using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Samples;

namespace OpsAgent.Tests.Demo;

/// <summary>What PCS and PanDA stand ready with: a task to submit, and campaigns whose outputs are in Rucio.</summary>
internal static class SampleTask
{
    public const string Name = "26.07.0_DIS_NC_18x275_minQ2=10";
    public const string JediTaskId = "35001";
    public const string Campaign = "26.02";
    public const string Owner = "demo";

    private const UnixFileMode RunByOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Of the campaign's four tasks these three have outputs that are matched or referred to.</summary>
    public static IReadOnlyList<string> WithOutputs { get; } = [TwoCampaigns.Dis, TwoCampaigns.Single, TwoCampaigns.SingleAgain];

    /// <summary>Fills PCS and Rucio.</summary>
    public static void Fill(FacilityStandIn facility)
    {
        TwoCampaigns.Fill(facility);
        facility.Pcs.AddTask(Name);
    }

    /// <summary>
    /// A panda client below a home folder, where submit-task looks for it. Its prun takes any task; a shell script, since a machine
    /// with nothing but the .NET SDK may have no Python.
    /// </summary>
    public static void InstallPanda(string home)
    {
        var run = Directory.CreateDirectory(Path.Combine(home, "pclient", "run")).FullName;
        var bin = Directory.CreateDirectory(Path.Combine(home, "pclient", "bin")).FullName;
        File.WriteAllText(Path.Combine(run, "setup.sh"), $"export PATH='{bin}':\"$PATH\"\nexport PANDA_CONFIG_ROOT='{home}'\n");
        var prun = Path.Combine(bin, "prun");
        File.WriteAllText(prun, $"#!/bin/sh\necho \"INFO : sending $# arguments to PanDA for $PANDA_AUTH_VO\"\necho 'INFO : succeeded. new jediTaskID={JediTaskId}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(prun, RunByOwner);
        }
    }
}
