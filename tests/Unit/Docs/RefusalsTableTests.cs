using System.Text;
using System.Text.RegularExpressions;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Handlers;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Agent.Dispatch;
using OpsAgent.Tests.Unit.Architecture;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>The reasons that docs/wire.md lists are those that requests are refused with.</summary>
public sealed partial class RefusalsTableTests
{
    private static readonly IReadOnlyList<string> Reasons = MarkdownPage.Read("docs/wire.md").Section("Refusals").FirstCells();

    public static TheoryData<string> WrongRequests => new(
        new string('x', 300_000), "{", "[1]", "\"text\"", "{}", """{"msg_type":7}""", $$"""{"msg_type":"{{new string('x', 51)}}"}""",
        """{"msg_type":"x","msg_type":"y"}""", """{"a":{"b":1,"b":2}}""", """{"msg_type":"x","request_id":"a b"}""", """{"a":"\ud800"}""",
        new string('[', 40));

    public static TheoryData<string> WrongReplyDestinations => new("/queue/ops", "/elsewhere/x", "/queue/a,b", "/queue/" + new string('x', 300));

    [Theory]
    [MemberData(nameof(WrongRequests))]
    public void What_is_said_of_a_wrong_request_is_listed(string body)
    {
        var refused = Assert.IsType<EnvelopeReading.Malformed>(new Envelope("prodops").Read(Deliveries.Of(body)));

        Assert.Contains(Reasons, r => Pattern(r).IsMatch(refused.Refusal.Reason));
    }

    [Fact]
    public void What_is_said_of_bytes_that_are_no_text_is_listed()
    {
        var refused = Assert.IsType<EnvelopeReading.Malformed>(new Envelope("prodops").Read(Deliveries.Of([0xFF, 0xFE])));

        Assert.Contains(Reasons, r => Pattern(r).IsMatch(refused.Refusal.Reason));
    }

    [Theory]
    [MemberData(nameof(WrongReplyDestinations))]
    public void What_is_said_of_a_wrong_place_to_answer_to_is_listed(string destination)
    {
        Assert.False(new ReplyDestinations(["/queue/ops"]).Allows(destination, out var reason));

        Assert.Contains(Reasons, r => Pattern(r).IsMatch(reason));
    }

    [Fact]
    public void Every_reason_that_is_listed_is_in_the_code()
    {
        var code = string.Concat(Checkout.Sources.Where(p => p.StartsWith("src/", StringComparison.Ordinal)).Select(Checkout.Read));

        Assert.True(Reasons.Count > 15, $"only {Reasons.Count} reasons were found");
        Assert.DoesNotContain(Reasons, r => !FixedPieces(r).All(p => code.Contains(p, StringComparison.Ordinal)));
    }

    /// <summary>What the page leaves open is "...", a number, or one of FIELD, TYPE, N and M.</summary>
    private static Regex Pattern(string reason)
    {
        var pattern = new StringBuilder(@"\A");
        var at = 0;
        foreach (Match open in Open().Matches(reason))
        {
            pattern.Append(Regex.Escape(reason[at..open.Index])).Append(".*");
            at = open.Index + open.Length;
        }

        return new Regex(pattern.Append(Regex.Escape(reason[at..])).Append(@"\z").ToString(), RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    private static IEnumerable<string> FixedPieces(string reason) =>
        Open().Split(reason).Select(p => p.Trim()).Where(p => p.Length > 3);

    [GeneratedRegex(@" \.\.\.|\b(?:FIELD|TYPE|N|M|[0-9]+)\b")]
    private static partial Regex Open();
}
