using OpsAgent.OpsCtl.Manual;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Manual;

public sealed class RoffTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("--count -c", @"\-\-count \-c")]
    [InlineData(@"a\fBb", @"a\efBb")]
    [InlineData("it's \"so\" `x` ^~", @"it\(aqs \(dqso\(dq \(gax\(ga \(ha\(ti")]
    [InlineData("a\nb\tc", "a b c")]
    [InlineData("a\u001b[31mb", "a[31mb")]
    [InlineData("ü 🛰", @"\[u00FC] \[u1F6F0]")]
    public void No_letter_is_taken_for_an_escape_or_shown_as_another(string text, string expected) => Assert.Equal(expected, Roff.Escape(text));

    [Theory]
    [InlineData(".so /etc/passwd", @"\&.so /etc/passwd")]
    [InlineData("'so x", @"\(aqso x")]
    [InlineData("a.b", "a.b")]
    public void No_line_is_taken_for_a_request(string text, string expected) => Assert.Equal(expected, Roff.Line(text));

    [Fact]
    public void Nor_is_one_that_is_broken_just_before_a_dot()
    {
        var page = new RoffPage("x", new DateOnly(2026, 8, 5), "x 1");
        page.Text(new string('a', 77) + " ..b .c " + new string('d', 77) + " .e");
        var lines = page.ToString().Split('\n');
        Assert.Contains(@"\&..b .c", lines);
        Assert.Contains(@"\&.e", lines);
        Assert.All(lines, l => Assert.True(l.Length < 80, l));
    }
}
