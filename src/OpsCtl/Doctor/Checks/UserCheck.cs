namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>For whom all others judge, and what of the environment file may not mean what it says.</summary>
/// <param name="scene">What is looked at.</param>
/// <param name="doubts">Lines of the environment file, without their values.</param>
internal sealed class UserCheck(DoctorScene scene, IReadOnlyList<string> doubts) : IDoctorCheck
{
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

        return Task.CompletedTask;
    }
}
