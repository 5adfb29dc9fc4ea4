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

    [Theory]
    [InlineData("a https://h:1/p?authz=Bearer%20x&b=(1), c", "a https://h:1/p c")]
    [InlineData("https://h?t=secret", "https://h")]
    [InlineData("https://h/cb#access_token=secret", "https://h/cb")]
    [InlineData("/login?to=https://h/x?t=secret", "/login")]
    [InlineData("[ERROR] [root://h//a?authz=secret] no", "[ERROR] [root://h//a no")]
    [InlineData("""{"pfns":{"root://h//a?authz=secret":{}}}""", """{"pfns":{"root://h//a":{}}}""")]
    [InlineData("root://user:secret@h//a", "root://h//a")]
    [InlineData("https://u@v:secret@h", "https://h")]
    [InlineData("root://h//a@b/c", "root://h//a@b/c")]
    [InlineData("is https://h its address? no. #1", "is https://h its address? no. #1")]
    [InlineData("://?", "://")]
    public void A_url_is_shown_without_its_secrets(string text, string line)
    {
        Assert.Equal(line, OneLine.Of(text));
        Assert.Equal(line, OneLine.Of(line));
    }

    [Fact]
    public void A_cut_line_shows_no_half_of_a_secret()
    {
        Assert.All(Enumerable.Range(1, 60), limit => Assert.DoesNotContain(
            "s3", OneLine.Of("x https://u:s3cr3t@host.example/path?t=s3cr3t y", limit), StringComparison.Ordinal));
    }

    [Fact]
    public void Half_a_pair_is_replaced() => Assert.Equal("\ufffdx", OneLine.Of(new string(['\ud800', 'x'])));

    [Fact]
    public void It_is_cut_at_its_limit() => Assert.Equal("aaaaa…", OneLine.Of(new string('a', 1000), 5));
}
