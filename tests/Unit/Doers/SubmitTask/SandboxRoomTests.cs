using OpsAgent.Doers.Facility;
using OpsAgent.Doers.SubmitTask;
using OpsAgent.Doers.SubmitTask.Sandboxes;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers.SubmitTask;

/// <summary>What can't be read is not taken for what is not there: a second prun for one task would be the price.</summary>
public sealed class SandboxRoomTests : IDisposable
{
    private const string Task = "group.eic.task";
    private readonly string _folder = Directory.CreateTempSubdirectory("opsagent-sandboxes-").FullName;
    private readonly SandboxRoom _room;

    public SandboxRoomTests() => _room = new SandboxRoom(_folder, new DoerLog(TextWriter.Null), TimeProvider.System);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Before_the_first_there_is_none() => Assert.Empty(_room.OpenOf(Task));

    [Fact]
    public void One_that_has_begun_is_open_by_its_name_and_by_its_key_and_no_other_is()
    {
        Begin(Task, key: 7);
        Begin("another", key: 8);
        _room.Create(Task);

        Assert.Equal(7, Assert.Single(_room.OpenOf(Task)).State.TaskKey);
        Assert.Equal(8, Assert.Single(_room.OpenOf("alias", static s => s.TaskKey == 8)).State.TaskKey);
        Assert.Empty(_room.OpenOf("alias"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_whose_journal_can_not_be_read_is_in_doubt_for_its_task_alone(bool isFolder)
    {
        var sandbox = Begin(Task, key: 7);
        var journal = sandbox.File("control", Journal.FileName);
        File.Delete(journal);
        if (isFolder)
        {
            Directory.CreateDirectory(journal);
        }
        else
        {
            File.CreateSymbolicLink(journal, Journal.FileName);
        }

        var refusal = Assert.Throws<DoerException>(() => _room.OpenOf(Task));

        Assert.Equal(SubmitExit.InDoubt, refusal.Exit);
        Assert.Contains(sandbox.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_room.OpenOf("another"));
        _room.Prune(TimeSpan.Zero);
        Assert.True(Directory.Exists(sandbox.Path));
        Assert.ThrowsAny<SystemException>(() => sandbox.Journal.Read());
    }

    [Fact]
    public void A_room_that_can_not_be_read_is_a_failure()
    {
        Directory.CreateDirectory(_folder);
        File.CreateSymbolicLink(_room.Path, _room.Path);

        Assert.ThrowsAny<IOException>(() => _room.OpenOf(Task));
    }

    [Fact]
    public void A_run_that_left_what_can_not_be_read_is_not_taken_for_one_that_never_came_so_far()
    {
        var left = new LeftRun(new DoerEnvironment(name => name == LeftRun.Variable ? _folder : null));
        Assert.Null(left.Sandbox);

        Directory.CreateDirectory(Path.Combine(_folder, LeftRun.FileName));
        Assert.Equal(DoerExit.Failed, Assert.Throws<DoerException>(() => left.Sandbox).Exit);
    }

    private Sandbox Begin(string task, long key)
    {
        var sandbox = _room.Create(task);
        sandbox.Journal.Write(new JournalEntry { Step = JournalStep.Opened, Task = task });
        sandbox.Journal.Write(new JournalEntry { Step = JournalStep.Fetched, TaskKey = key });
        sandbox.Journal.Write(new JournalEntry { Step = JournalStep.Starting });
        return sandbox;
    }
}
