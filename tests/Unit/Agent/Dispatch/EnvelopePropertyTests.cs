using System.Text;
using OpsAgent.Agent.Dispatch;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch;

public sealed class EnvelopePropertyTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "\\udc00", "null", "true", "-0", "1e400", "1E-999", "\0", "\u007f",
        "\"msg_type\"", "\"namespace\"", "\"request_id\"", "\"health_ping\"", "\u202e", "é", " ", "\n", "{\"msg_type\":\"x\"", "[[[[[[[[",
    ];

    [Fact]
    public void No_text_made_of_json_and_garbage_throws_out_of_the_envelope()
    {
        var random = new Random(20260101);
        var envelope = new Envelope("prodops");
        for (var round = 0; round < 50_000; round++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(12); n >= 0; n--)
            {
                text.Append(Pieces[random.Next(Pieces.Length)]);
            }

            AssertReadable(envelope, Encoding.UTF8.GetBytes(text.ToString()));
        }
    }

    [Fact]
    public void No_damaged_request_throws_out_of_the_envelope()
    {
        var random = new Random(20260102);
        var envelope = new Envelope("prodops");
        var whole = """{"msg_type":"fetch_payload_log","namespace":"prodops","request_id":"r-1","created_by":"\u00e9","n":[1,{"a":-1.5e3}]}"""u8;
        for (var round = 0; round < 50_000; round++)
        {
            var body = whole.ToArray();
            for (var n = random.Next(4); n >= 0; n--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            AssertReadable(envelope, body[..random.Next(body.Length + 1)]);
        }
    }

    private static void AssertReadable(Envelope envelope, byte[] body)
    {
        if (envelope.Read(Deliveries.Of(body)) is EnvelopeReading.Malformed malformed)
        {
            Assert.NotEmpty(malformed.Refusal.Reason);
            Assert.DoesNotContain(malformed.Refusal.Reason, char.IsControl);
        }
    }
}
