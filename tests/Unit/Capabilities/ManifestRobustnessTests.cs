using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>Whatever stands where something else belongs, the reader tells it: it never throws and never lets half of it through.</summary>
public sealed class ManifestRobustnessTests
{
    private static readonly string[] Values =
    [
        "true", "0", "-1", "9223372036854775807", "1.5", "nan", "\"\"", "\"x\"", "\"{\"", "\"{task_name}\"", "[]", "[[]]", "[1, \"a\"]", "[{}]",
        "{}", "{ env = 1 }", "{ a = {} }", "2026-01-01", "{ type = \"id\" }", "{ type = \"list\", max_items = 1, default = [1] }",
    ];

    /// <summary>A manifest with one of its values at a time made another.</summary>
    internal static IEnumerable<string> Texts
    {
        get
        {
            var lines = FutureCapabilityTests.Text.Split('\n');
            return lines.SelectMany((line, i) => line.IndexOf('=', StringComparison.Ordinal) is var equals and > 0
                ? Values.Select(value => string.Join('\n', lines[..i].Append($"{line[..equals]}= {value}").Concat(lines[(i + 1)..])))
                : []);
        }
    }

    [Fact]
    public void Any_value_in_any_place_is_taken_or_told_at_a_line()
    {
        var lines = FutureCapabilityTests.Text.Count(c => c == '\n') + 1;
        var told = 0;
        foreach (var text in Texts)
        {
            var reading = Manifests.Parse(text);

            Assert.Equal(reading.Errors.Count == 0, reading.Manifest is not null);
            Assert.All(reading.Errors, e => Assert.InRange(e.Line, 1, lines));
            told += reading.Errors.Count > 0 ? 1 : 0;
        }

        Assert.True(told > 1000, $"only {told} were told");
    }

    [Fact]
    public void Any_line_may_be_missing()
    {
        var lines = FutureCapabilityTests.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var reading = Manifests.Parse(string.Join('\n', lines[..i].Concat(lines[(i + 1)..])));

            Assert.Equal(reading.Errors.Count == 0, reading.Manifest is not null);
        }
    }
}
