using System.Text.Json;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Documented;

/// <summary>The yardstick itself: it must be able to find a difference either way.</summary>
public sealed class DocShapeTests
{
    private static readonly Dictionary<string, DocShape> Names = new() { ["item"] = DocShape.Parse("""{"id", "tag"}""") };

    [Theory]
    [InlineData("""{"a", "b": {"c"}}""", """{"a":1,"b":{"c":null}}""", "", "")]
    [InlineData("""{"a", "b": {"c"}}""", """{"a":{"x":1},"b":{"c":2,"d":3}}""", ".b.d is not documented", "")]
    [InlineData("""{"a", "b": {"c"}}""", """{"b":{}}""", "", ".a .b.c")]
    [InlineData("""{"a": [{"b"}]}""", """{"a":[{"b":1},{"z":1}]}""", ".a[].z is not documented", "")]
    [InlineData("""{"a": [{"b"}]}""", """{"a":[]}""", "", ".a[].b")]
    [InlineData("""{"a": [{"b"}]}""", """{"a":7}""", ".a is no list", ".a[].b")]
    [InlineData("""{"a": item}""", """{"a":{"id":1,"ID":2}}""", ".a.ID is not documented", "")]
    [InlineData("""{"a"}""", "7", " is no object", ".a")]
    public void Differences_are_found_both_ways(string shape, string document, string beyond, string unseen)
    {
        var parsed = DocShape.Parse(shape);

        Assert.Equal(beyond, string.Join(' ', parsed.Differences(JsonDocument.Parse(document).RootElement, Names)));
        Assert.Equal(unseen, string.Join(' ', parsed.Unseen()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a" "b"}""")]
    [InlineData("""{"a"} more""")]
    [InlineData("""{"a": }""")]
    public void What_is_no_shape_is_no_shape(string text) => Assert.Throws<FormatException>(() => DocShape.Parse(text));
}
