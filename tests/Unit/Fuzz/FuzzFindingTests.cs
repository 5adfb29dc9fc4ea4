using System.Text;
using System.Text.Json;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Monitor;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Unit.Capabilities;
using OpsAgent.Tests.Unit.Stomp;
using Xunit;

namespace OpsAgent.Tests.Unit.Fuzz;

/// <summary>What fuzzing has found, each as it was found or smaller.</summary>
public sealed class FuzzFindingTests
{
    private static readonly Did Did = new("group.EIC", "log.tgz");
    private static readonly StompLimits Small = new() { MaxHeaders = 5, MaxHeaderBytes = 20, MaxBodyBytes = 40 };

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"\\ud800\":1,\"a\":2}")]
    [InlineData("{\"pfns\":{\"\\udc00x\":{}}}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    public async Task A_replica_line_with_half_of_a_character_is_a_bad_answer(string line) =>
        Assert.Equal(DoerExit.RucioAnswerBad, (await FailureOfAsync(Encoding.ASCII.GetBytes(line))).Exit);

    [Theory]
    [InlineData((byte)0xC0)]
    [InlineData((byte)0x80)]
    [InlineData((byte)0xFF)]
    public async Task A_replica_line_that_is_no_UTF8_is_a_bad_answer_and_told_as_a_line(byte octet)
    {
        foreach (var line in (byte[][])[[.. "{\"a"u8, octet, .. "\":1}"u8], [.. "{\"ExceptionClass\":\"a"u8, octet, .. "\"}"u8]])
        {
            var failure = await FailureOfAsync(line);

            Assert.Equal(DoerExit.RucioAnswerBad, failure.Exit);
            Assert.DoesNotContain(failure.Message, char.IsControl);
        }
    }

    [Fact]
    public async Task What_a_broken_replica_line_holds_does_not_steer_a_terminal() =>
        Assert.DoesNotContain((await FailureOfAsync("{\"a\":n\u001b[2Jll}"u8.ToArray())).Message, char.IsControl);

    [Theory]
    [InlineData("MESSAGE\nlong-header-without-any-colon-in-it\na:b\n\nx\0")]
    [InlineData("MESSAGE\nlong:header-with-a-value-beyond-all\na:b\nmessage-id:1\n\nx\0")]
    [InlineData("MESSAGE\nmessage-id:beyond-all-the-room-there-is\na:b\n\nx\0")]
    [InlineData("RECEIPT\nlong-header-without-any-colon-in-it\n\n\0")]
    [InlineData("SEND\r\na:12345678901234567\r\n\r\n\0")]
    [InlineData("SEND\r\na:123456789012345678\r\n\r\n\0")]
    [InlineData("SEND\r\na:1234567890123456789\r\n\r\n\0")]
    [InlineData("SEND\na:b\ncontent-length:99999\nx:yyyyyyyyyyyyyyyyyyyyyy\n\n\0")]
    public void What_comes_of_headers_over_the_limit_does_not_hang_on_how_the_bytes_were_cut(string wire)
    {
        foreach (var version in (string[])["1.0", "1.1", "1.2"])
        {
            var whole = Told(wire, wire.Length, version);
            for (var size = 1; size < wire.Length; size++)
            {
                Assert.Equal(whole, Told(wire, size, version));
            }
        }
    }

    [Fact]
    public void A_mistake_in_a_manifest_is_told_without_what_reorders_a_line()
    {
        var reading = Manifests.Parse("[capability.a]\n\"b\u202e\" = 1\ndoer = [\"x\", \"{a\u202eb}\"]\n");

        Assert.NotEmpty(reading.Errors);
        Assert.All(reading.Errors, e => Assert.DoesNotContain("\u202e", e.ToString(), StringComparison.Ordinal));
        Assert.Contains(reading.Errors, e => e.ToString().Contains("\\u202E", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"agent_id\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void An_answer_of_the_monitors_with_half_of_a_character_names_no_agent(string answer) =>
        Assert.Null(AgentIdQuestion.IdIn(answer));

    [Theory]
    [InlineData("{\"exit_code\":0,\"result\":\"\\ud800\"}")]
    public void A_doers_result_with_half_of_a_character_tells_nothing(string result)
    {
        var folder = Directory.CreateTempSubdirectory("opsagent-result-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, DoerResult.FileName), result);

            Assert.Null(DoerResult.TryRead(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("{\"a\":\"b\"}", true)]
    [InlineData("{\"a\\n\":\"\\ud83d\\ude00\"}", true)]
    [InlineData("{\"a\":\"\\ud83d\"}", false)]
    [InlineData("[[\"\\ude00\"]]", false)]
    public void Strings_that_are_no_text_are_known(string json, bool areText) =>
        Assert.Equal(areText, JsonStrings.AreText(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void What_is_no_JSON_is_no_text_either() => Assert.ThrowsAny<JsonException>(() => JsonStrings.AreText("{\"\\n\""u8));

    private static string Told(string wire, int size, string version)
    {
        try
        {
            var frames = Frames.InPieces(Encoding.ASCII.GetBytes(wire).Chunk(size), version, Small);
            return string.Join('\n', frames.Select(f => $"{f.HeadersDropped} {string.Join('|', f.Headers.All)} {f.Body.Length}"));
        }
        catch (StompProtocolException e)
        {
            return e.Error.ToString();
        }
    }

    private static async Task<DoerException> FailureOfAsync(byte[] line)
    {
        using var stream = new MemoryStream(line);
        return await Assert.ThrowsAsync<DoerException>(() => ReplicaStream.ReadAsync(stream, Did, CancellationToken.None));
    }
}
