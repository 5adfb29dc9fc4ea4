using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>A state folder that can't be written: nothing is sent without a journal, and what was sent is told all the same.</summary>
[Collection(nameof(SubmitSite))]
public sealed class FullDiskTests(SubmitSite site)
{
    private const UnixFileMode RunByAll = (UnixFileMode)0b111_101_101;

    [MountFact]
    public async Task Without_room_for_journal_and_output_prun_is_not_started()
    {
        using var submit = new Submit(site);
        using var disk = SmallDisk.Mount(submit.State, kilobytes: 1024);

        foreach (var room in (int[])[0, 4 << 10, 32 << 10, 128 << 10])
        {
            var filling = disk.Fill(room);

            submit.AssertNothingSent(await submit.RunAsync(), 27, "disk full: ");

            File.Delete(filling);
        }

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [MountFact]
    public async Task A_disk_that_is_full_before_prun_prints_anything_loses_no_id()
    {
        using var submit = new Submit(site);
        using var disk = SmallDisk.Mount(submit.State, kilobytes: 1024);
        BeforePrun(submit, $"dd if=/dev/zero of='{submit.State}/filling' bs=4096 2>/dev/null");

        submit.AssertSubmitted(await submit.RunAsync());

        Assert.Equal("Concluded", submit.Steps[^1]);
        Assert.Contains("IdSeen", submit.Steps);
    }

    [MountFact]
    public async Task A_full_scratch_holds_up_no_submission()
    {
        using var submit = new Submit(site);
        using var disk = SmallDisk.Mount(submit.Scratch, kilobytes: 64);
        disk.Fill();

        submit.AssertSubmitted(await submit.RunAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_journal_that_can_not_be_written_once_prun_has_started_loses_no_id(bool isRefused)
    {
        using var submit = new Submit(site);
        using var fault = new ArmedFault(site, "record-submission", new PcsFault { Status = 403, Times = isRefused ? int.MaxValue : 0 });

        // A folder in the journal's place; the doer may be writing there at that moment.
        BeforePrun(submit, "until mkdir ../control/journal.jsonl 2>/dev/null; do rm -f ../control/journal.jsonl; done");

        var run = await submit.RunAsync();

        Assert.Contains("journal: IdSeen not written", run.Stderr, StringComparison.Ordinal);
        if (isRefused)
        {
            submit.AssertFailed(run, 7, $"submitted as {submit.Id}, but not recorded", $"{submit.Id}\n");
        }
        else
        {
            submit.AssertSubmitted(run);
        }
    }

    // In prun's own process and working directory.
    private static void BeforePrun(Submit submit, string line)
    {
        var prun = Path.Combine(Path.GetDirectoryName(submit.Panda.SetupPath)!, "bin", "prun");
        File.Move(prun, prun + "-itself");
        File.WriteAllText(prun, $"#!/bin/sh\n{line}\nexec \"$0-itself\" \"$@\"\n");
        File.SetUnixFileMode(prun, RunByAll);
    }
}
