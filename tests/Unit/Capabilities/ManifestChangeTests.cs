using OpsAgent.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

public sealed class ManifestChangeTests
{
    private const string Before = Manifests.Head + """
        doer = ["act", "--a=1", "--b"]
        timeout = "1s"
        credentials = ["proxy"]
        [capability.gone]
        description = "goes"
        doer = ["gone"]
        timeout = "1s"
        lane = "work"
        """;

    [Fact]
    public void Another_order_notation_or_comment_is_no_change()
    {
        var after = Before
            .Replace("doer = [\"act\", \"--a=1\", \"--b\"]\n", "", StringComparison.Ordinal)
            .Replace("timeout = \"1s\"\ncredentials", "timeout = '1s' # short\ndoer = [ \"act\", '--a=1', \"--b\" ]\ncredentials", StringComparison.Ordinal);
        Assert.NotEqual(Before, after);

        AssertChange([], [], [], after);
    }

    [Theory]
    [InlineData("--a=1", "--a=2")]
    [InlineData("\"--a=1\", \"--b\"", "\"--a=1--b\"")]
    [InlineData("timeout = \"1s\"\ncredentials", "timeout = \"2s\"\ncredentials")]
    [InlineData("X509_USER_PROXY", "EVGEN_X509_PROXY")]
    [InlineData("credentials = [\"proxy\"]", "max_age = \"1h\"")]
    public void What_a_table_says_and_what_it_is_lent_is_a_change(string from, string to)
    {
        Assert.Contains(from, Before, StringComparison.Ordinal);

        AssertChange([], [], ["act"], Before.Replace(from, to, StringComparison.Ordinal));
    }

    [Fact]
    public void Types_that_come_and_go_are_named() =>
        AssertChange(["come"], ["gone"], [], Before.Replace("gone", "come", StringComparison.Ordinal));

    private static void AssertChange(string[] added, string[] removed, string[] changed, string after)
    {
        var change = ManifestChange.Between(Manifests.Valid(Before), Manifests.Valid(after));

        Assert.Equal([added, removed, changed], new[] { change.Added, change.Removed, change.Changed });
    }
}
