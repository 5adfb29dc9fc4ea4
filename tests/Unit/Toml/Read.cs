using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

/// <summary>Short ways to read what a test is about.</summary>
internal static class Read
{
    /// <summary>The value of <c>v = text</c>.</summary>
    public static T Value<T>(string text)
        where T : TomlNode => Assert.IsType<T>(TomlDocument.Parse("v = " + text)["v"]);

    public static string Text(string text) => Value<TomlString>(text).Value;

    /// <summary>The refusal of a document.</summary>
    public static TomlException Refusal(string document) => Assert.Throws<TomlException>(() => TomlDocument.Parse(document));

    /// <summary>Expects a refusal whose message begins with <c>line:column: problem</c>.</summary>
    public static void Refuses(string document, string messageStart) =>
        Assert.StartsWith(messageStart, Refusal(document).Message, StringComparison.Ordinal);

    /// <summary>Expects a refusal of <c>v = text</c>, its place counted from the value's first character as 1.</summary>
    public static void RefusesValue(string text, int column, string problem)
    {
        var refusal = Refusal("v = " + text);
        Assert.Equal((new TomlPosition(1, column + 4), problem), (refusal.Position, refusal.Problem));
    }

    /// <summary>A table by its path; array items by number.</summary>
    public static TomlNode At(TomlNode root, string path)
    {
        foreach (var step in path.Split('.'))
        {
            root = root is TomlArray array ? array[int.Parse(step)] : Assert.IsType<TomlTable>(root)[step];
        }

        return root;
    }
}
