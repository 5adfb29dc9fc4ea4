using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;

namespace OpsAgent.OpsCtl.Settings;

/// <summary>The agent's state folder, found as the agent itself finds it.</summary>
internal sealed record StateFolder(string Path)
{
    /// <summary>The local door.</summary>
    public string Socket => System.IO.Path.Combine(Path, "control.sock");

    /// <summary>The ledger.</summary>
    public string Ledger => System.IO.Path.Combine(Path, "ledger.db");

    /// <summary>The output of runs.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    public static StateFolder Of(ParseResult line, GlobalOptions options, Surroundings surroundings)
    {
        if (line.GetValue(options.State) is { } named)
        {
            return new StateFolder(System.IO.Path.GetFullPath(named));
        }

        var all = FacilityFile.Over(surroundings);
        return new StateFolder(System.IO.Path.GetFullPath(
            all.Variable("OPSAGENT_STATE_DIR")
            ?? all.Variable("STATE_DIRECTORY")?.Split(':')[0]
            ?? System.IO.Path.Combine(
                all.Variable("XDG_STATE_HOME") ?? System.IO.Path.Combine(all.HomeFolder, ".local", "state"),
                "opsagent")));
    }
}
