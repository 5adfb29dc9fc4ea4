using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Unit.OpsCtl.Guard;

/// <summary>An executable that answers for systemctl, and keeps what it was called with.</summary>
internal sealed class FakeSystemd : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FakeSystemd()
    {
        const UnixFileMode Runs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Program = _folder.Write("systemctl", $"#!/bin/sh\necho \"$@\" >>'{_folder.At("calls")}'\nif [ \"$1\" = show ]; then cat '{_folder.At("state")}'; fi\n", Runs);
        Is("active", "running", 0);
    }

    public string Program { get; }

    public TemporaryFolder Folder => _folder;

    /// <summary>What it was told to do, without the questions.</summary>
    public IReadOnlyList<string> Orders =>
        File.Exists(_folder.At("calls")) ? [.. File.ReadAllLines(_folder.At("calls")).Where(static c => !c.StartsWith("show ", StringComparison.Ordinal))] : [];

    public void Is(string active, string sub, int mainPid) => _folder.Write(
        "state", $"LoadState=loaded\nActiveState={active}\nSubState={sub}\nMainPID={mainPid}\nResult=success\nExecMainCode=0\nExecMainStatus=0\nNRestarts=0\nStartLimitBurst=5\n");

    /// <summary>Makes a command line that asks it.</summary>
    public OpsCtlRun Run()
    {
        var run = new OpsCtlRun { Systemctl = Program };
        run.Environment["EPICPROD_PING_TIMEOUT"] = "0.05";
        run.Environment["EPICPROD_GUARD_MEMORY"] = _folder.At("memory", "guard.json");
        run.Environment["EPICPROD_ENV_FILE"] = _folder.Write("env", "");
        run.Environment["SWF_TMP_DIR"] = _folder.At("cache");
        return run;
    }

    public void Dispose() => _folder.Dispose();
}
