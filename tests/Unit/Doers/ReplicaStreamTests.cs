using System.Text;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Rucio;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class ReplicaStreamTests
{
    private static readonly Did Wanted = new("s", "n");

    [Fact]
    public async Task Pfns_states_and_priorities_are_joined_over_lines()
    {
        var found = await Read(
            """{"scope":"s","name":"n","bytes":7,"pfns":{"root://a//n":{"rse":"A","priority":2}},"states":{"A":"AVAILABLE"}}""" + "\r\n\n"
            + """{"pfns":{"root://b//n":{"rse":"B"},"root://c//n":null},"states":{"B":"BAD"},"new_field":[1]}""");

        Assert.Equal(
            [
                new Replica("root://a//n", "A", "AVAILABLE", 2, 7),
                new Replica("root://b//n", "B", "BAD", int.MaxValue, null),
                new Replica("root://c//n", "", "", int.MaxValue, null),
            ],
            found);
    }

    [Fact]
    public async Task Another_files_line_is_not_this_files()
    {
        Assert.Empty(await Read("""{"scope":"s","name":"other","pfns":{"root://a//n":{"rse":"A"}}}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("{}")]
    [InlineData("""{"pfns":null,"states":null}""")]
    [InlineData("""{"pfns":{},"bytes":"many"}""")]
    public async Task Nothing_is_no_replica(string body) => Assert.Empty(await Read(body));

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("""{"pfns":{},"pfns":{}}""")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    public async Task Broken_lines_are_told_as_such(string body)
    {
        var failure = await Assert.ThrowsAsync<DoerException>(() => Read(body));

        Assert.Equal(DoerExit.RucioAnswerBad, failure.Exit);
    }

    [Fact]
    public async Task Depth_and_size_are_bounded()
    {
        var deep = new string('[', 40) + new string(']', 40);
        await Assert.ThrowsAsync<DoerException>(() => Read($$"""{"x":{{deep}}}"""));
        await Assert.ThrowsAsync<DoerException>(() => Read(new string(' ', BoundedLines.LineLimit + 1)));
        var line = """{"x":""" + '"' + new string('y', BoundedLines.LineLimit - 100) + "\"}\n";
        var failure = await Assert.ThrowsAsync<DoerException>(() => Read(string.Concat(Enumerable.Repeat(line, 17))));
        Assert.Contains("beyond 16 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_than_a_thousand_replicas_are_kept()
    {
        var pfns = string.Join(',', Enumerable.Range(0, 1001).Select(static i => "\"root://h//" + i + "\":{}"));

        Assert.Equal(1000, (await Read("{\"pfns\":{" + pfns + "}}")).Count);
    }

    [Theory]
    [InlineData("DataIdentifierNotFound", DoerExit.UnknownDid)]
    [InlineData("AccessDenied", DoerExit.RucioRefused)]
    public async Task An_error_inside_the_stream_is_an_error(string kind, DoerExit exit)
    {
        var failure = await Assert.ThrowsAsync<DoerException>(
            () => Read($$"""{"ExceptionClass":"{{kind}}","ExceptionMessage":"so it is"}"""));

        Assert.Equal(exit, failure.Exit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task It_does_not_matter_how_the_bytes_arrive(int step)
    {
        var body = """{"pfns":{"root://a//n":{"rse":"A"}}}""" + "\n" + """{"pfns":{"root://b//n":{"rse":"B"}}}""" + "\n";
        using var dripping = new DrippingStream(Encoding.UTF8.GetBytes(body), step);

        var found = await ReplicaStream.ReadAsync(dripping, Wanted, CancellationToken.None);

        Assert.Equal(["root://a//n", "root://b//n"], found.Select(r => r.Pfn));
    }

    private static async Task<IReadOnlyList<Replica>> Read(string body)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return await ReplicaStream.ReadAsync(stream, Wanted, CancellationToken.None);
    }

    private sealed class DrippingStream(byte[] content, int step) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
    }
}
