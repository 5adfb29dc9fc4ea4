using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>The agent's state folder: ledger, lock and local door.</summary>
/// <param name="scene">What is looked at.</param>
/// <param name="path">The folder.</param>
internal sealed class StateCheck(DoctorScene scene, string path) : IDoctorCheck
{
    private const long LeastFree = 1L << 30;
    private const int AnythingForOthers = 0x7;

    public string Name => "state";

    public Task RunAsync(Findings findings, CancellationToken stop)
    {
        if (FileStatus.Of(path) is not { } status)
        {
            findings.Warn(
                "folder",
                $"{path} is not there, or this user can't see it",
                "the agent makes it at its first start; under systemd it is /var/lib/opsagent: "
                + "name it with --state-dir or OPSAGENT_STATE_DIR");
            return Task.CompletedTask;
        }

        var line = $"{path} {FolderFacts.Of(status)}";
        if (!status.IsFolder)
        {
            findings.Fail("folder", $"{path} is no folder", "name the agent's state folder with --state-dir or OPSAGENT_STATE_DIR");
        }
        else if (scene.User is not null && !UserRights.MayMakeFilesIn(path))
        {
            findings.Fail(
                "folder", $"{line}: this user may not write there", "run doctor as the service's user, or name the right folder with --state-dir");
        }
        else if ((status.Permissions & AnythingForOthers) != 0)
        {
            findings.Warn("folder", $"{line}: requests in it are open to others", $"chmod 0750 {path}");
        }
        else
        {
            findings.Ok("folder", line);
        }

        FolderFacts.TellSpace(path, LeastFree, findings);
        return Task.CompletedTask;
    }
}
