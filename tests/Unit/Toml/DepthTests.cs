using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class DepthTests
{
    /// <summary>Documents whose deepest value lies <c>depth</c> tables and arrays below the root.</summary>
    public static TheoryData<string, Func<int, string>> Shapes => new()
    {
        { "arrays", static depth => "a = " + new string('[', depth) + new string(']', depth) },
        { "inline tables", static depth => string.Concat(Enumerable.Repeat("a = {", depth)) + new string('}', depth) },
        { "dotted keys", static depth => string.Join('.', Enumerable.Repeat("a", depth)) + " = 1" },
        { "headers", static depth => "[" + string.Join('.', Enumerable.Repeat("a", depth)) + "]" },
        { "keys below a header", static depth => "[a.a]\n" + string.Join('.', Enumerable.Repeat("a", depth - 2)) + " = 1" },
        {
            "arrays of tables", static depth =>
                string.Concat(Enumerable.Range(1, depth / 2).Select(static n => $"[[{string.Join('.', Enumerable.Repeat("a", n))}]]\n"))
                + (depth % 2 == 0 ? "" : "a = 1")
        },
        {
            "a mixture", static depth =>
                "[[a]]\na.b = [{ c.d = " + new string('[', depth - 6) + new string(']', depth - 6) + "}]"
        },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_value_lies_as_deep_as_the_limit_and_no_deeper(string shape, Func<int, string> document)
    {
        Assert.NotEmpty(shape);
        Assert.Equal(TomlDocument.MaxDepth, Depth(TomlDocument.Parse(document(TomlDocument.MaxDepth))));
        Assert.StartsWith("this lies too deep", Read.Refusal(document(TomlDocument.MaxDepth + 1)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a=")]
    [InlineData("a.")]
    [InlineData("[{a=")]
    [InlineData("[[a]]\n")]
    public void A_document_full_of_beginnings_overflows_no_stack(string beginning)
    {
        var text = string.Concat(Enumerable.Repeat(beginning, (TomlDocument.MaxBytes / beginning.Length) - 10));
        var record = Record.Exception(() => TomlDocument.Parse(text));
        Assert.True(record is null or TomlException, record?.ToString());
        record = Record.Exception(() => TomlDocument.Parse("a = " + text));
        Assert.IsType<TomlException>(record);
    }

    private static int Depth(TomlNode node) => node switch
    {
        TomlTable table => table.Count == 0 ? 0 : 1 + table.Values.Max(Depth),
        TomlArray array => array.Count == 0 ? 0 : 1 + array.Max(Depth),
        _ => 0,
    };
}
