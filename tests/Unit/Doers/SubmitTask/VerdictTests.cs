using OpsAgent.Doers.Facility;
using OpsAgent.Doers.SubmitTask.Prun;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers.SubmitTask;

public sealed class VerdictTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData("INFO : succeeded. new jediTaskID=35001\n", 0, "35001")]
    [InlineData("INFO : succeeded. new jediTaskID=35001", 0, "35001")]
    [InlineData("jediTaskID=1\njediTaskID=2\n", 0, "1")]
    [InlineData("jediTaskID=35001\n", 1, "35001")]
    [InlineData("jediTaskID=35001\n", 137, "35001")]
    [InlineData("please go to sleep\njediTaskID=7\nPlease go to https://x and sign in\n", 0, "7")]
    [InlineData("ERROR : jediTaskID=9 has the same name\n", 0, "9")]
    public void An_id_is_an_id(string said, int code, string id) =>
        Assert.Equal(new Verdict.Taken(id), Of(said, code));

    [Theory]
    [InlineData("ERROR : jediTaskID=9 is still running for that outDS\n", 1)]
    [InlineData("task submission failed. jediTaskID=9\n", 90)]
    [InlineData("jediTaskID=0\n", 0)]
    [InlineData("jediTaskID=12345678901234567890\n", 0)]
    [InlineData("jediTaskID=x\n", 0)]
    [InlineData("", 2)]
    [InlineData("", 1)]
    [InlineData("", 90)]
    [InlineData("", null)]
    public void Anything_else_is_doubt(string said, int? code) => Assert.IsType<Verdict.Doubt>(Of(said, code));

    [Theory]
    [InlineData("", 10)]
    [InlineData("ERROR\n", 50)]
    [InlineData("x", 60)]
    [InlineData("usage: prun\nprun: error: x\n", 2)]
    public void Codes_before_the_insert_say_that_nothing_was_sent(string said, int code) =>
        Assert.IsType<Verdict.NotSent>(Of(said, code));

    [Theory]
    [InlineData(10, true, 0)]
    [InlineData(10, false, 1)]
    [InlineData(10, false, 3)]
    public void Those_codes_say_nothing_if_somebody_ended_it(int code, bool signalled, int cut) =>
        Assert.IsType<Verdict.Doubt>(Verdict.Of(new PrunEnd((PrunCut)cut, code, signalled, TimeSpan.Zero), Read("")));

    [Theory]
    [InlineData("INFO : Please go to https://panda-iam-doma.cern.ch/device?user_code=OXIIWM and sign in. Waiting until authentication is completed\n")]
    [InlineData("INFO : Ready to get ID token?\n[y/n] ")]
    [InlineData("Please go to https://x")]
    public void A_request_for_a_login_is_one(string said)
    {
        Assert.IsType<Verdict.LoginNeeded>(Verdict.Of(new PrunEnd(PrunCut.Login, 137, true, TimeSpan.Zero), Read(said)));
        Assert.IsType<Verdict.LoginNeeded>(Of(said, 10));

        // Nobody ended it there: somebody may have logged in, and it went on.
        Assert.IsType<Verdict.Doubt>(Of(said, 90));
    }

    [Fact]
    public void An_id_on_two_reads_is_read_whole()
    {
        var output = new PrunOutput(_file, new DoerLog(TextWriter.Null));
        File.WriteAllText(_file, "jediTaskID=35");
        output.Read();
        Assert.Null(output.JediTaskId);

        File.AppendAllText(_file, "001\n");
        output.Read();

        Assert.Equal("35001", output.JediTaskId);
    }

    [Fact]
    public void A_flood_without_newlines_is_read_within_bounds()
    {
        using var relayed = new StringWriter();
        var output = new PrunOutput(_file, new DoerLog(relayed));
        File.WriteAllText(_file, new string('x', 1 << 20) + " jediTaskID=35001 " + string.Concat(Enumerable.Repeat("line\n", 3000)));

        output.ReadToEnd();

        Assert.Equal("35001", output.JediTaskId);
        Assert.True(relayed.ToString().Length < 60_000);
    }

    public void Dispose() => File.Delete(_file);

    private Verdict Of(string said, int? code) => Verdict.Of(new PrunEnd(PrunCut.None, code, code is > 128, TimeSpan.Zero), Read(said));

    private PrunOutput Read(string said)
    {
        File.WriteAllText(_file, said);
        var output = new PrunOutput(_file, new DoerLog(TextWriter.Null));
        output.ReadToEnd();
        return output;
    }
}
