using OpsAgent.Doers.Facility;
using OpsAgent.Doers.SubmitTask.Command;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers.SubmitTask;

public sealed class PrunLineTests
{
    private const string AsPcsWritesIt =
        "prun \\\n  --exec 'source setup.sh; run $1\nend' \\\n  --outDS group.EIC:x \\\n  --official \\\n  --containerImage docker://a/b:c \\\n"
        + "  --site S \\\n  --workingGroup EIC \\\n  --resourceType SCORE \\\n  --prodSourceLabel managed \\\n  --vo eic \\\n"
        + "  --processingType p \\\n  --nJobs 1 \\\n  --nEventsPerJob 2 \\\n  --nCore 1 \\\n  --noBuild \\\n  --expertOnly_skipScout \\\n"
        + "  --outputs out.root\n";

    [Fact]
    public void What_pcs_writes_is_accepted()
    {
        var line = PrunLine.Read(AsPcsWritesIt, PrunOptions.Default);

        Assert.Equal(["prun", "--exec", "source setup.sh; run $1\nend", "--outDS", "group.EIC:x"], line.Arguments.Take(5));
        Assert.Equal(30, line.Arguments.Count);
        Assert.Equal("group.EIC:x", line.OutDs);
    }

    [Fact]
    public void A_value_may_stand_behind_a_sign()
    {
        var line = PrunLine.Read("prun --outDS=a=b --nJobs=-1 --exec=", PrunOptions.Default);

        Assert.Equal(["prun", "--outDS=a=b", "--nJobs=-1", "--exec="], line.Arguments);
        Assert.Equal("a=b", line.OutDs);
    }

    [Theory]
    [InlineData("PRUN --nJobs 1", "1:1: the first word is 'PRUN', not prun")]
    [InlineData("A=1 prun", "1:1: the first word is 'A=1', not prun")]
    [InlineData("/tmp/prun --nJobs 1", "1:1: the first word is '/tmp/prun', not prun")]
    [InlineData("", "1:1: the text is empty")]
    [InlineData("prun --inDS x", "1:6: option '--inDS' is not allowed")]
    [InlineData("prun --nJob 1", "1:6: option '--nJob' is not allowed")]
    [InlineData("prun --loadJson=/etc/passwd", "1:6: option '--loadJson' is not allowed")]
    [InlineData("prun -v", "1:6: option '-v' is not allowed")]
    [InlineData("prun --", "1:6: option '--' is not allowed")]
    [InlineData("prun --nJobs 1 x", "1:16: 'x' belongs to no option")]
    [InlineData("prun ''", "1:6: '' belongs to no option")]
    [InlineData("prun --official=1", "1:6: option --official takes no value")]
    [InlineData("prun --nJobs", "1:6: option --nJobs has no value")]
    [InlineData("prun --nJobs --official", "1:6: option --nJobs has no value")]
    [InlineData("prun --exec \\\n  '-x'", "2:3: the value of --exec begins with '-': write --exec=VALUE")]
    public void Anything_else_is_refused(string text, string told)
    {
        var refused = Assert.Throws<CommandRefusedException>(() => PrunLine.Read(text, PrunOptions.Default));

        Assert.Equal($"the command is refused at {told}", refused.Message);
    }

    [Fact]
    public void More_options_can_be_allowed()
    {
        var options = PrunOptions.From(new DoerEnvironment(name => name == PrunOptions.Variable ? "--inDS= --forceStaged" : null));

        Assert.Equal(5, PrunLine.Read("prun --inDS x --forceStaged --official", options).Arguments.Count);
        Assert.Throws<CommandRefusedException>(() => PrunLine.Read("prun --forceStaged=1", options));
    }

    [Theory]
    [InlineData("inDS")]
    [InlineData("--")]
    [InlineData("--a;b")]
    public void An_option_that_is_none_is_78(string names)
    {
        var failure = Assert.Throws<DoerException>(() => PrunOptions.From(new DoerEnvironment(_ => names)));

        Assert.Equal(DoerExit.Configuration, failure.Exit);
    }
}
