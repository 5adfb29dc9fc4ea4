using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Agent.Redaction;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Redaction;

/// <summary>A known value as other programs than this one write it.</summary>
public sealed class EscapedSecretTests
{
    private const string Secret = "pa\"ss\\wo/rd+äß😀 %41x";

    private static readonly string[] Characters = ["a", "Z", "0", "u", "n", "x", "\"", "\\", "/", "%", "+", "ä", "€", "😀", "'", "&", "2", "5"];

    [Theory]
    [InlineData("pa\\\"ss\\\\wo/rd+\\u00e4\\u00df\\ud83d\\ude00 %41x")] // Python's json.dumps
    [InlineData("pa\\\"ss\\\\wo\\/rd+\\u00E4\\u00DF\\uD83D\\uDE00 %41x")] // PHP's json_encode, and capitals
    [InlineData("pa\\u0022ss\\\\wo/rd\\u002B\\u00E4\\u00DF\\uD83D\\uDE00 %41x")] // .NET's
    [InlineData("pa\\\\\\\"ss\\\\\\\\wo/rd+\\\\u00e4\\\\u00df\\\\ud83d\\\\ude00 %41x")] // json.dumps of json.dumps
    [InlineData("pa%22ss%5Cwo/rd%2B%C3%A4%C3%9F%F0%9F%98%80%20%2541x")] // urllib.parse.quote
    [InlineData("pa%22ss%5Cwo%2Frd%2B%C3%A4%C3%9F%F0%9F%98%80%20%2541x")] // Uri.EscapeDataString
    [InlineData("pa%22ss%5cwo%2frd%2b%c3%a4%c3%9f%f0%9f%98%80+%2541x")] // a form, in lower case
    [InlineData("pa%5C%22ss%5C%5Cwo/rd%2B%5Cu00e4%5Cu00df%5Cud83d%5Cude00%20%2541x")] // JSON in a URL
    public void Is_found(string form)
    {
        var redactor = new Redactor(new KnownSecrets([Secret]));

        Assert.Equal("a [redacted] b", redactor.Text($"a {form} b"));
        Assert.Equal("{\"a\": \"[redacted]\"}", redactor.Text($"{{\"a\": \"{form}\"}}"));
        Assert.Equal("b'[redacted]'", redactor.Text($"b'{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(form))}'"));
    }

    [Fact]
    public void Is_found_whatever_else_of_it_was_escaped_and_up_to_three_times_over() => Prop.ForAll(
        Gen.Elements(Characters).ListOf().SelectMany(static s => Gen.Choose(0, int.MaxValue - 1).SelectMany(
            seed => Gen.Elements([.. Characters, " ", "\\n", "%20"]).ListOf().Select(around => (Secret: $"kq{string.Concat(s)}7-0123456789", seed, Around: string.Concat(around)))))
            .ToArbitrary(),
        static sample =>
        {
            var random = new System.Random(sample.seed);
            var text = sample.Secret;
            for (var times = random.Next(4); times > 0; times--)
            {
                text = random.Next(2) == 0 ? InString(text, random) : InUrl(text, random);
            }

            return new Redactor(new KnownSecrets([sample.Secret])).Text($"{sample.Around} {text} {sample.Around}") == $"{sample.Around} [redacted] {sample.Around}";
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Text_without_it_is_left_as_it_is() => Prop.ForAll(
        Gen.Elements([.. Characters, "pa\\\"ss", "%C3%A4", "\\ud83d", " "]).ListOf().Select(static t => string.Concat(t)).ToArbitrary(),
        static text => new Redactor(new KnownSecrets([Secret, "ab-0123456789-cd"])).Text(text) == text)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static string InString(string text, System.Random random)
    {
        var ascii = random.Next(2) == 0;
        return string.Concat(text.Select(c => c switch
        {
            '"' or '\\' or '/' when random.Next(2) == 0 => $"\\{c}",
            '\\' or '"' => Unit(c, random),
            > '\x7f' => ascii ? Unit(c, random) : $"{c}",
            _ => random.Next(6) == 0 ? Unit(c, random) : $"{c}",
        }));
    }

    private static string InUrl(string text, System.Random random) => string.Concat(text.EnumerateRunes().Select(
        r => r.Value is '%' or > 0x7f || random.Next(3) == 0 ? string.Concat(Encoding.UTF8.GetBytes(r.ToString()).Select(b => $"%{Hex(b, 2, random)}")) : r.ToString()));

    private static string Unit(char c, System.Random random) => $"\\u{Hex(c, 4, random)}";

    private static string Hex(int value, int digits, System.Random random) =>
        value.ToString((random.Next(2) == 0 ? "x" : "X") + digits, CultureInfo.InvariantCulture);
}
