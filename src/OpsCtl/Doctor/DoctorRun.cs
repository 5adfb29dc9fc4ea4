using OpsAgent.Doers.Facility;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>Runs checks side by side, each with a limit of its own: one that hangs holds no other up.</summary>
internal sealed class DoctorRun(IReadOnlyList<IDoctorCheck> checks, TimeSpan limit, TimeProvider time)
{
    /// <summary>What they find, in the order of the checks, whichever was first.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken stop)
    {
        var all = await Task.WhenAll(checks.Select(c => OneAsync(c, stop)));
        return [.. all.SelectMany(static f => f)];
    }

    private async Task<IReadOnlyList<Finding>> OneAsync(IDoctorCheck check, CancellationToken stop)
    {
        var findings = new Findings(check.Name);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            // On a thread of its own: a file system that hangs does not return to whoever asks it.
            await Task.Run(() => check.RunAsync(findings, own.Token), own.Token).WaitAsync(limit, time, stop);
        }
        catch (TimeoutException)
        {
            findings.Fail(
                "limit", $"not done within {limit.TotalSeconds:0.#} s", "something here hangs: what is missing above was not answered");
        }
        catch (OpsCtlException e)
        {
            findings.Fail("settings", e.Message, e.Advice);
        }
        catch (DoerException e)
        {
            findings.Fail("settings", e.Message, "correct the variable in the environment file");
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            findings.Fail("check", $"unexpected {e.GetType().Name}: {e.Message}", "this is a defect of opsctl: report it with this line");
        }

        await own.CancelAsync();
        return findings.All;
    }
}
