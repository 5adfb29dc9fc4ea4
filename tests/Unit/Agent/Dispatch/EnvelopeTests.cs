using System.Text;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch;

public sealed class EnvelopeTests
{
    private readonly Envelope _envelope = new("prodops");

    [Theory]
    [InlineData("""{"msg_type":"x","namespace":"prodops"}""")]
    [InlineData("""{"msg_type":"x"}""")]
    [InlineData("""{"msg_type":"x","namespace":null}""")]
    [InlineData("""{"msg_type":"x","namespace":""}""")]
    [InlineData("""{"msg_type":"x","namespace":0}""")]
    [InlineData("""{"msg_type":"x","namespace":[]}""")]
    [InlineData("""{"msg_type":"x","namespace":{}}""")]
    [InlineData("""{"msg_type":"x","namespace":false}""")]
    public void Our_namespace_or_none_is_ours(string body)
    {
        Assert.Equal("x", Request(body).MsgType.Value);
    }

    [Theory]
    [InlineData("""{"msg_type":"x","namespace":"testbed"}""")]
    [InlineData("""{"msg_type":"x","namespace":"PRODOPS"}""")]
    [InlineData("""{"msg_type":"x","namespace":1}""")]
    [InlineData("""{"msg_type":"x","namespace":true}""")]
    [InlineData("""{"msg_type":"x","namespace":["prodops"]}""")]
    [InlineData("""{"namespace":"other"}""")]
    public void Another_namespace_is_foreign(string body)
    {
        Assert.IsType<EnvelopeReading.Foreign>(_envelope.Read(Deliveries.Of(body)));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"msg_type":"x"} trailing""", "not JSON")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("\"text\"", "no JSON object")]
    [InlineData("{}", "msg_type")]
    [InlineData("""{"msg_type":5}""", "msg_type")]
    [InlineData("""{"msg_type":""}""", "msg_type")]
    [InlineData("""{"msg_type":"123456789012345678901234567890123456789012345678901"}""", "50 characters")]
    [InlineData("""{"msg_type":"x","msg_type":"y"}""", "twice")]
    [InlineData("""{"msg_type":"x","request_id":"has blank"}""", "request_id")]
    [InlineData("""{"msg_type":"x","request_id":"."}""", "request_id")]
    [InlineData("""{"msg_type":"x","request_id":".."}""", "request_id")]
    [InlineData("""{"msg_type":"x","request_id":7.5}""", "request_id")]
    [InlineData("""{"msg_type":"x","request_id":-7}""", "request_id")]
    [InlineData("""{"msg_type":"x","request_id":["7"]}""", "request_id")]
    [InlineData("""{"msg_type":"x","a":"\ud800"}""", "half of a character")]
    [InlineData("""{"msg_type":"x","\ud800":1}""", "half of a character")]
    [InlineData("""{"msg_type":"x",}""", "not JSON")]
    [InlineData("""{'msg_type':'x'}""", "not JSON")]
    public void What_cannot_be_dispatched_is_refused_with_a_reason(string body, string reason)
    {
        Assert.Contains(reason, Malformed(Deliveries.Of(body)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_deeper_than_the_limit_is_refused()
    {
        var body = """{"msg_type":"x","a":""" + new string('[', 40) + new string(']', 40) + "}";
        Assert.Contains("deeper than 32", Malformed(Deliveries.Of(body)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        byte[] body = [.. Encoding.ASCII.GetBytes("{\"msg_type\":\"x\",\"a\":\""), 0xC3, 0x28, (byte)'"', (byte)'}'];
        Assert.Contains("UTF-8", Malformed(Deliveries.Of(body)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_over_the_limit_is_refused_whether_it_was_kept_or_skipped()
    {
        var kept = Deliveries.Of("{\"msg_type\":\"x\",\"a\":\"" + new string('y', JsonText.MaxBytes) + "\"}");
        var skipped = new Delivery { TooLarge = true, ReceivedAt = Deliveries.Now, Token = new object() };
        Assert.Contains("more than", Malformed(kept).Reason, StringComparison.Ordinal);
        Assert.Contains("more than", Malformed(skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_beyond_any_type_are_no_fault_of_the_envelope()
    {
        Assert.Equal("x", Request("""{"msg_type":"x","n":1e400}""").MsgType.Value);
    }

    [Fact]
    public void The_callers_request_id_is_kept_even_when_the_rest_is_refused()
    {
        var refusal = Malformed(Deliveries.Of("""{"request_id":"abc-1","created_by":"me"}"""));
        Assert.Equal(("abc-1", true, "me"), (refusal.RequestId.Value, refusal.HasCallersRequestId, refusal.RequestedBy));
    }

    [Theory]
    [InlineData("...")]
    [InlineData(".a")]
    [InlineData("a..b")]
    public void A_request_id_with_points_that_is_a_name_is_kept(string id)
    {
        Assert.Equal(id, Request($$"""{"msg_type":"x","request_id":"{{id}}"}""").RequestId.Value);
    }

    [Fact]
    public void A_request_id_that_became_a_number_on_its_way_is_its_digits()
    {
        var message = Request("""{"msg_type":"x","request_id":20260805}""");
        Assert.Equal(("20260805", true), (message.RequestId.Value, message.HasCallersRequestId));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("false")]
    public void An_empty_request_id_counts_as_missing(string value)
    {
        Assert.False(Request($$"""{"msg_type":"x","request_id":{{value}}}""").HasCallersRequestId);
    }

    [Fact]
    public void A_request_without_an_id_gets_one_of_ours()
    {
        var message = Request("""{"msg_type":"x"}""");
        Assert.False(message.HasCallersRequestId);
        Assert.True(RequestId.TryParse(message.RequestId.Value, out _));
    }

    [Theory]
    [InlineData("""{"msg_type":"x","requested_by":"a","created_by":"b"}""", "a")]
    [InlineData("""{"msg_type":"x","requested_by":"","created_by":"b"}""", "b")]
    [InlineData("""{"msg_type":"x","requested_by":5,"owner":"c"}""", "5")]
    [InlineData("""{"msg_type":"x","requested_by":{},"owner":"c"}""", "c")]
    [InlineData("""{"msg_type":"x","sender":"d\n\u001b[2J\u202e"}""", "d??[2J?")]
    [InlineData("""{"msg_type":"x"}""", null)]
    public void Who_asked_is_read_from_the_first_name_given_and_cleaned(string body, string? who)
    {
        Assert.Equal(who, Request(body).RequestedBy);
    }

    private OpsMessage Request(string body) => Assert.IsType<EnvelopeReading.Request>(_envelope.Read(Deliveries.Of(body))).Message;

    private OpsAgent.Agent.Work.Refusal Malformed(Delivery delivery) =>
        Assert.IsType<EnvelopeReading.Malformed>(_envelope.Read(delivery)).Refusal;
}
