using OpsAgent.Doers.Facility;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("a\r\nERROR: b", "a ERROR: b")]
    [InlineData("a\u001b[31mb", "a?[31mb")]
    [InlineData("a\u202Eb\u0000c", "a?b?c")]
    [InlineData("  a \t b  ", "a b")]
    [InlineData("größe", "größe")]
    [InlineData(null, "")]
    public void Foreign_text_becomes_one_plain_line(string? text, string line) => Assert.Equal(line, OneLine.Of(text));

    [Fact]
    public void Half_a_pair_is_replaced() => Assert.Equal("\ufffdx", OneLine.Of(new string(['\ud800', 'x'])));

    [Fact]
    public void It_is_cut_at_its_limit() => Assert.Equal("aaaaa…", OneLine.Of(new string('a', 1000), 5));
}
