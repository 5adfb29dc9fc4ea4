using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Agent.Hosting;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Reading;
using OpsAgent.Capabilities.Templates;
using Xunit;

namespace OpsAgent.Tests.Unit.Schema;

/// <summary>The schema's regular expressions and the readers' own code judge alike.</summary>
public sealed class PatternTests
{
    private static readonly string[] Pieces =
    [
        "a", "Z", "_", "0", "9", "75", "255", "s", "m", "ms", ".", "..", "-", "/", "*", "{", "}", "{a}", "{a:hash}", ":sorted", "{{", "}}", " ", "\t",
        "\u001f", "\u007f", "\u0085", "\u2028", "é", "\ud83d\ude00", "'", "$", "{tmp}", "{home}", "/",
    ];

    // Few digits: an expression can't tell how much a number is, so the longest span is the reader's alone to judge.
    private static readonly Arbitrary<string> Texts = Gen.ListOf(Gen.Elements(Pieces)).Resize(5).Select(static p => string.Concat(p))
        .Where(static t => t.Count(char.IsAsciiDigit) <= 6).ToArbitrary();

    /// <summary>Each with what the reader says; a line break at the very end is the one thing on which expressions differ.</summary>
    private static readonly Dictionary<string, (string Pattern, Func<string, bool> Reader)> Cases = new()
    {
        ["identifier"] = (Patterns.Identifier(4), static t => Names.IsIdentifier(t, 4)),
        ["variable"] = (Patterns.Variable, Names.IsVariable),
        ["variables"] = (Patterns.VariablePattern, Names.IsVariablePattern),
        ["template"] = (Patterns.Template, static t => t.Length > 0 && Template.TryParse(t, out _, out _)),
        ["template or empty"] = (Patterns.TemplateOrEmpty, static t => Template.TryParse(t, out _, out _)),
        ["program"] = (Patterns.Program, ArgumentsReader.IsProgram),
        ["fixed"] = (Patterns.Fixed, static t => t.Length > 0 && !t.ContainsAny(['{', '}']) && !ScalarText.HasControls(t)),
        ["line"] = (Patterns.Line, static t => t.Length > 0 && !ScalarText.HasControls(t)),
        ["exit code"] = (Patterns.ExitCode, static t => t.Length > 0 && t.All(char.IsAsciiDigit) && int.Parse(t) <= 255),
        ["place"] = (Patterns.Place, static t => t.Length > 0 && ConfinementReader.IsPlace(t)),
        ["setting's span"] = (Duration.Pattern, static t => Duration.TryParse(t, out _)),
    };

    public static TheoryData<string> All => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void The_expression_and_the_reader_judge_alike(string name)
    {
        var (pattern, reader) = Cases[name];
        var (taken, refused) = (0, 0);
        Prop.ForAll(Texts, text =>
        {
            var matches = Regex.IsMatch(text, pattern);
            (taken, refused) = matches ? (taken + 1, refused) : (taken, refused + 1);
            return matches == reader(text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
        Assert.True(taken > 20 && refused > 20, $"{taken} taken, {refused} refused: the texts are one-sided");
    }

    [Theory]
    [InlineData("1s", true)]
    [InlineData("007d", true)]
    [InlineData("604800s", true)]
    [InlineData("0s", false)]
    [InlineData("5", false)]
    [InlineData("s", false)]
    [InlineData("-5s", false)]
    [InlineData("1.5s", false)]
    [InlineData("5ms", false)]
    [InlineData("99999999999s", false)]
    public void A_span_of_the_manifest_has_a_number_above_0_and_a_unit(string text, bool valid)
    {
        Assert.Equal(valid, Regex.IsMatch(text, Patterns.Span));
        var reading = Capabilities.Manifests.Parse(Capabilities.Manifests.Head + $"doer = [\"act\"]\ntimeout = \"{text}\"\n");
        Assert.Equal(valid, reading.Manifest is not null);
    }
}
