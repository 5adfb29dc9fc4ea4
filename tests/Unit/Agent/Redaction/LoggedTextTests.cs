using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Redaction;
using Serilog.Events;
using Serilog.Parsing;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Redaction;

/// <summary>Whatever text of others is in an entry: it is one entry, it steers no terminal, and it has no priority of its own.</summary>
public sealed class LoggedTextTests
{
    private static readonly string[] Pieces =
    [
        "\n", "\r", "\r\n", "\u001b[2J", "\u009b31m", "\u0085", "\u2028", "\u2029", "\u202e", "\u2066", "\u200f", "\u061c", "\0", "\b", "\t", "<0>", "<3>",
        "2026-01-01T00:00:00.000+00:00 ERR OpsAgent forged", "{0}", "{Message}", "%n", " ", "a", "\ud83d\ude00", "\ud800", "\U000e0041", "\ufeff",
    ];

    private static readonly Arbitrary<string> Hostile = Gen.Elements(Pieces).ListOf().Select(static p => string.Concat(p)).ToArbitrary();
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void A_message_is_one_line_of_the_agents_log() =>
        Prop.ForAll(Hostile, text => Written(text, null) is var line && IsOneEntry(line) && line.Split('\n') is [{ Length: > 0 }, ""]).Check(Runs);

    [Fact]
    public void An_exceptions_lines_are_indented_below_it() =>
        Prop.ForAll(Hostile, text => IsOneEntry(Written("failed", new InvalidOperationException(text)))).Check(Runs);

    [Fact]
    public void An_entry_of_the_monitors_log_is_no_other() =>
        Prop.ForAll(Hostile, text => IsClean(LoggedText.Of(text, null, Redactor.OfShapes).Split('\n'), most: 1)).Check(Runs);

    [Fact]
    public void A_reason_is_one_clean_line() =>
        Prop.ForAll(Hostile, text => IsClean(LogText.CleanReason(text).Split('\n'), most: 1)).Check(Runs);

    [Fact]
    public void A_credential_in_a_message_or_an_exception_is_not_written()
    {
        var written = Written("sent password=SECRET", new InvalidOperationException("Authorization: Token SECRET\nand https://u:SECRET@h/"));

        Assert.DoesNotContain("SECRET", written, StringComparison.Ordinal);
        Assert.Contains("    System.InvalidOperationException: Authorization: [redacted]\n    and https://[redacted]@h/\n", written, StringComparison.Ordinal);
    }

    private static bool IsOneEntry(string written) =>
        written.EndsWith('\n') && IsClean(written[..^1].Split('\n'), int.MaxValue) && char.IsAsciiDigit(written[0])
        && written[..^1].Split('\n')[1..].All(static l => l.StartsWith("    ", StringComparison.Ordinal));

    private static bool IsClean(string[] lines, int most) => lines.Length <= most && lines.All(static l => l.EnumerateRunes().All(static r =>
        System.Text.Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)));

    private static string Written(string text, Exception? exception)
    {
        var entry = new LogEvent(
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), LogEventLevel.Information, exception,
            new MessageTemplateParser().Parse("  {Doer}: {Line}"),
            [new LogEventProperty("Doer", new ScalarValue(text)), new LogEventProperty("Line", new ScalarValue(text))]);
        using var writer = new StringWriter();
        new LogLineFormatter(Redactor.OfShapes).Format(entry, writer);
        return writer.ToString();
    }
}
