using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Signing;
using Declared = OpsAgent.Capabilities.Manifest;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>Who may ask the agent: whether anybody may end it, and whether the keys are such that it believes them.</summary>
/// <param name="scene">What is looked at.</param>
/// <param name="manifest">The configuration's manifest; null if there is none.</param>
/// <param name="keysFolder">Where the keys are; null if nothing names it.</param>
internal sealed class SendersCheck(DoctorScene scene, Func<Declared?> manifest, Func<string?> keysFolder) : IDoctorCheck
{
    private const string Shutdown = "shutdown";

    public string Name => "senders";

    public Task RunAsync(Findings findings, CancellationToken stop)
    {
        var rules = manifest();
        if (rules?.Messages.GetValueOrDefault(Shutdown, SenderRule.Open).IsOpen != false)
        {
            findings.Warn(
                Shutdown, "anybody who may write to the queue can end the agent",
                "say who may in the configuration: [message.shutdown] with senders, signed, or both (docs/security.md)");
        }
        else
        {
            findings.Ok(Shutdown, "not everybody may end the agent");
        }

        if (keysFolder() is { } path)
        {
            TellKeys(path, findings);
        }

        return Task.CompletedTask;
    }

    private void TellKeys(string path, Findings findings)
    {
        var folder = KeyFolder.Read(path, anyOwner: scene.User is null);
        if (folder.Problem is { } problem)
        {
            findings.Fail("keys", $"the folder {path} {problem}", "correct that: until then the agent refuses every signature");
        }
        else if (folder.Files.Count == 0)
        {
            findings.Warn("keys", $"there is no key in {path}", "make one with opsctl keys new ID");
        }

        foreach (var file in folder.Files)
        {
            if (file.Problem is { } wrong)
            {
                findings.Fail($"key {file.Id}", $"{Path.Combine(path, file.Id + KeyFile.Extension)} {wrong}", "correct that: until then the agent refuses its signatures");
            }
            else
            {
                findings.Ok($"key {file.Id}", $"{Path.Combine(path, file.Id + KeyFile.Extension)} can be believed");
            }
        }
    }
}
