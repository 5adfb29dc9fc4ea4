using OpsAgent.Abstractions;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Children;
using OpsAgent.Doers.Facility.Files;
using OpsAgent.Doers.Facility.Panda;
using Declared = OpsAgent.Capabilities.Manifest;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>The programs that doers start. None is run here; the panda client's setup is sourced in a child, as for a submission.</summary>
/// <param name="scene">What is looked at.</param>
/// <param name="setup">The panda client's setup.</param>
/// <param name="manifest">The capabilities, of which some may ask for limits or a sandbox.</param>
internal sealed class ProgramsCheck(DoctorScene scene, string setup, Func<Declared?> manifest) : IDoctorCheck
{
    private static readonly TimeSpan SetupLimit = TimeSpan.FromSeconds(10);

    public string Name => "programs";

    public async Task RunAsync(Findings findings, CancellationToken stop)
    {
        Copy(findings);
        var asked = (manifest()?.Capabilities ?? []).Select(static c => c.Definition).ToList();
        Confinement(findings, "sandbox", DoerSandbox.Program, "bubblewrap", asked.Exists(static d => d.Sandbox is not null));
        Confinement(findings, "limits", DoerLimits.Program, "util-linux", asked.Exists(static d => d.Limits is not null));
        await SubmissionAsync(findings, stop);
    }

    private void Copy(Findings findings)
    {
        const string subject = "xrdcp";
        try
        {
            var path = scene.Environment.AbsolutePath("XRDCP", "/usr/bin/xrdcp");
            if (!File.Exists(path))
            {
                findings.Fail(subject, $"{path} does not exist", "install xrootd-client, or name the program in XRDCP");
            }
            else if (!UserRights.MayExecute(path))
            {
                findings.Fail(subject, $"{path} may not be executed", $"chmod 0755 {path}");
            }
            else
            {
                findings.Ok(subject, path);
            }
        }
        catch (DoerException e)
        {
            findings.Fail(subject, e.Message, "write the whole path into XRDCP");
        }
    }

    /// <summary>What sets limits or makes a sandbox, if any capability asks for it: without it the agent does not start.</summary>
    private static void Confinement(Findings findings, string subject, string program, string package, bool isAsked)
    {
        if (isAsked && !UserRights.MayExecute(program))
        {
            findings.Fail(subject, $"{program} does not exist or may not be executed", $"install {package}");
        }
        else if (isAsked)
        {
            findings.Ok(subject, program);
        }
    }

    private async Task SubmissionAsync(Findings findings, CancellationToken stop)
    {
        const string subject = "prun";
        var folder = Directory.CreateTempSubdirectory("opsctl-doctor-");
        try
        {
            var options = new PandaClientOptions
            {
                Setup = setup,
                AuthVo = "EIC.production",
                SetupLimit = SetupLimit,
                Base = PandaBaseEnvironment.Of(scene.Surroundings.Environment, scene.Surroundings.HomeFolder),
            };
            var mark = new ProcessMark("OPSCTL_DOCTOR_MARK", Guid.NewGuid().ToString("N"));
            var client = await PandaClient.OpenAsync(options, folder.FullName, mark, scene.Time, stop);
            findings.Ok(subject, $"{client.Program(subject)}, after {setup}");
        }
        catch (DoerException e)
        {
            findings.Fail(subject, e.Message, "install the panda client (panda-client), or name its setup script with --pclient-setup");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
