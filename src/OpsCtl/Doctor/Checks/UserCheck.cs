using OpsAgent.Capabilities;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>For whom all others judge, what of the environment file may not mean what it says, and who else may read it.</summary>
/// <param name="scene">What is looked at.</param>
/// <param name="doubts">Lines of the environment file, without their values.</param>
/// <param name="environmentFile">That file; null if none is named.</param>
internal sealed class UserCheck(DoctorScene scene, IReadOnlyList<string> doubts, string? environmentFile) : IDoctorCheck
{
    private const string BrokerKey = "ACTIVEMQ_SSL_KEY_FILE";

    public string Name => "user";

    public Task RunAsync(Findings findings, CancellationToken stop)
    {
        if (scene.User is { } user)
        {
            findings.Ok("account", $"judged for {Accounts.NameOf(user)} (uid {user})");
        }
        else
        {
            findings.Warn(
                "account",
                "this is root, who may read and write everything: whether the service's user may is not known",
                "judge for the service's user: opsctl doctor --as-user wenauseic, or sudo -u wenauseic opsctl doctor");
        }

        foreach (var doubt in doubts)
        {
            findings.Warn("environment", doubt, "write NAME=value, without quotes: values are taken as they are");
        }

        TellSecret("environment file", environmentFile, findings);
        TellSecret("broker's key", scene.Surroundings.Environment.GetValueOrDefault(BrokerKey), findings);
        return Task.CompletedTask;
    }

    private void TellSecret(string subject, string? path, Findings findings)
    {
        if (path is not { Length: > 0 } || FileStatus.Of(path) is not { } status)
        {
            return;
        }

        if (SecretFile.IsOpenToAll(path))
        {
            findings.Warn(subject, $"{path} holds secrets, and every user of this host may read or write it", $"chmod o= {path}");
        }

        // Its owner may write it, whatever its mode says. Who else is the service's user root can't tell.
        if (scene.User is { } user && status.Owner != user && status.Owner != 0)
        {
            findings.Warn(
                subject, $"{path} belongs to {Accounts.NameOf(status.Owner)}, neither to this user nor to root: that user may change it",
                $"chown root {path}, if nobody else is to change what the agent is told");
        }
    }
}
