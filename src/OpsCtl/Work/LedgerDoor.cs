using Microsoft.Data.Sqlite;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Work;

/// <summary>Whether a ledger file can be read by this opsctl as this user, and what to do where it can't.</summary>
internal static class LedgerDoor
{
    /// <summary>The schema that is known here; the agent counts its steps in the file.</summary>
    public const long KnownVersion = 10;

    private const int Busy = 5;
    private const int Locked = 6;
    private const int CantOpen = 14;
    private const int NotADatabase = 26;

    /// <exception cref="OpsCtlException">There is none, or this user may not know (exit 69).</exception>
    public static void Check(StateFolder folder, NoAgentException why)
    {
        try
        {
            using var file = new FileStream(folder.Ledger, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreachable(
                $"{why.Message}, and {folder.Ledger} may not be read by this user",
                "use sudo -u with the agent's user",
                e);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreachable(
                Directory.Exists(folder.Path)
                    ? $"{why.Message}, and there is no ledger at {folder.Ledger}"
                    : $"{why.Message}, and there is no folder {folder.Path}",
                "start the agent (systemctl start epicprod-ops-agent), or name its state folder with --state-dir or OPSAGENT_STATE_DIR",
                e);
        }
        catch (IOException e)
        {
            throw Unreachable($"{why.Message}, and {folder.Ledger} can't be read: {e.Message}", "check the disk that it is on", e);
        }
    }

    /// <exception cref="OpsCtlException">A newer agent has written it, or none has (exit 69).</exception>
    public static void CheckVersion(StateFolder folder, SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var version = (long)command.ExecuteScalar()!;
        if (version != KnownVersion)
        {
            var (what, advice) = version switch
            {
                0 => ("holds no ledger yet", "start the agent, which makes it"),
                < KnownVersion => ($"is of an older agent: its schema is {version}, this opsctl reads {KnownVersion}",
                    "start the agent of this opsctl's release, which brings it up to date, or use the older opsctl"),
                _ => ($"is of a newer agent: its schema is {version}, this opsctl knows {KnownVersion}", "use the opsctl of the agent's release"),
            };
            throw Unreachable($"{folder.Ledger} {what}", advice, null);
        }
    }

    /// <summary>What SQLite says, and what to do.</summary>
    public static OpsCtlException Unreadable(StateFolder folder, SqliteException e) => Unreachable(
        $"the ledger {folder.Ledger} can't be read: {e.Message}",
        e.SqliteErrorCode switch
        {
            Busy or Locked => "something else has locked it, for example a copy or a sqlite3 that is open: try again when that has ended",
            CantOpen => "this user must be able to read the state folder and the files beside the ledger: use sudo -u with the agent's user",
            NotADatabase => "it is no ledger: name the agent's state folder with --state-dir or OPSAGENT_STATE_DIR",
            _ => "use opsctl of the agent's release, as a user that may read its state folder",
        },
        e);

    private static OpsCtlException Unreachable(string message, string advice, Exception? inner) =>
        new(ExitCode.Unreachable, message, advice, inner);
}
