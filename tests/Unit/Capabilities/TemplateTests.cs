using OpsAgent.Capabilities.Templates;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("{a}", "1")]
    [InlineData("x{a}y{b}z", "x1y2z")]
    [InlineData("{a}{b}", "12")]
    [InlineData("{{a}}", "{a}")]
    [InlineData("{{{a}}}", "{1}")]
    [InlineData("}}{{", "}{")]
    [InlineData("{missing}!", "!")]
    public void A_template_renders(string source, string expected) => Assert.Equal(expected, Render(source));

    [Theory]
    [InlineData("{", "a '{' without a '}' at character 1")]
    [InlineData("ab}", "a '}' without a '{' at character 3")]
    [InlineData("{}", "is no variable")]
    [InlineData("{a b}", "is no variable")]
    [InlineData("{1a}", "is no variable")]
    [InlineData("{0}", "is no variable")]
    [InlineData("{a,10}", "is no variable")]
    [InlineData("{{a}", "a '}' without a '{' at character 4")]
    [InlineData("{a:N2}", "no modifier 'N2'")]
    [InlineData("{a:}", "no modifier ''")]
    [InlineData("{a:json.}", "no modifier 'json.'")]
    [InlineData("{a:json.b.c}", "no modifier 'json.b.c'")]
    public void A_template_that_is_wrong_says_how(string source, string problem)
    {
        Assert.False(Template.TryParse(source, out _, out var message));
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{b}")]
    [InlineData("{0}")]
    [InlineData("%s {{")]
    public void A_value_is_never_a_template(string value)
    {
        Assert.True(Template.TryParse("<{a}>", out var template, out _));
        Assert.Equal($"<{value}>", template!.Render(_ => value));
    }

    private static string Render(string source)
    {
        Assert.True(Template.TryParse(source, out var template, out var problem), problem);
        return template!.Render(static v => v.Name switch { "a" => "1", "b" => "2", _ => null });
    }
}
