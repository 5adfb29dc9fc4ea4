using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class ConformanceDataTests
{
    private const string Nowhere = "/nowhere/toml-test/tests";

    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    public void Under_ci_a_missing_suite_is_a_failure_that_names_its_folder(string ci)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => ConformanceData.Cases(Nowhere, "valid", Assert.Fail, ci));
        Assert.Contains(Nowhere, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("false")]
    public void Elsewhere_a_missing_suite_has_no_cases_and_is_told_with_its_folder(string? ci)
    {
        var said = new List<string>();
        Assert.Empty(ConformanceData.Cases(Nowhere, "valid", said.Add, ci));
        Assert.StartsWith($"not run: the public suite is not at {Nowhere}", Assert.Single(said), StringComparison.Ordinal);
    }
}
