using OpsAgent.Doers.Facility;
using OpsAgent.Doers.SubmitTask.Sandboxes;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers.SubmitTask;

public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsagent-journal-").FullName;

    private string File_ => Path.Combine(_folder, Journal.FileName);

    [Fact]
    public void What_is_written_is_read()
    {
        var journal = Open();
        journal.Write(new JournalEntry { Step = JournalStep.Opened, Task = "a/b", Owner = "alice" });
        journal.Write(new JournalEntry { Step = JournalStep.Fetched, TaskKey = 7, OutDs = "o" });
        Assert.False(journal.Read().MayBeSent);
        journal.Write(new JournalEntry { Step = JournalStep.Starting });
        journal.Write(new JournalEntry { Step = JournalStep.Started, Pid = 4, StartTime = 5, BootId = "b" });

        var state = journal.Read();

        Assert.Equal(("a/b", "alice", 7L, "o"), (state.Task, state.Owner, state.TaskKey!.Value, state.OutDs));
        Assert.Equal((4, 5L, "b"), (state.Pid!.Value, state.StartTime!.Value, state.BootId));
        Assert.Equal(JournalStep.Started, state.Furthest);
        Assert.True(state.MayBeSent);
        Assert.True(state.IsOpen);
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_counts_as_not_written_and_harms_no_other()
    {
        var journal = Open();
        journal.Write(new JournalEntry { Step = JournalStep.Opened, Task = "a" });
        File.AppendAllText(File_, "{\"step\":\"Starting\",\"at\":\"20");
        Assert.False(journal.Read().MayBeSent);

        journal.Write(new JournalEntry { Step = JournalStep.Concluded, ExitCode = 5 });

        Assert.Equal(5, journal.Read().ConcludedExit);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(8, true)]
    [InlineData(7, true)]
    [InlineData(5, false)]
    [InlineData(30, false)]
    public void A_sandbox_is_open_while_nobody_knows_or_pcs_does_not(int? exit, bool open)
    {
        var journal = Open();
        journal.Write(new JournalEntry { Step = JournalStep.Starting });
        if (exit is not null)
        {
            journal.Write(new JournalEntry { Step = JournalStep.Concluded, ExitCode = exit });
        }

        Assert.Equal(open, journal.Read().IsOpen);
    }

    [Fact]
    public void What_was_recorded_is_over_whatever_followed()
    {
        var journal = Open();
        journal.Write(new JournalEntry { Step = JournalStep.Starting });
        journal.Write(new JournalEntry { Step = JournalStep.Recorded, JediTaskId = "1" });

        Assert.False(journal.Read().IsOpen);
        Assert.Equal("1", journal.Read().JediTaskId);
    }

    [Fact]
    public void A_note_that_can_not_be_written_stops_nothing()
    {
        var log = new StringWriter();
        var journal = new Journal(Path.Combine(_folder, "missing", "journal"), new DoerLog(log), TimeProvider.System);

        journal.Note(new JournalEntry { Step = JournalStep.IdSeen });

        Assert.Contains("journal: IdSeen not written", log.ToString(), StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => journal.Write(new JournalEntry { Step = JournalStep.Starting }));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Journal Open() => new(File_, new DoerLog(TextWriter.Null), TimeProvider.System);
}
