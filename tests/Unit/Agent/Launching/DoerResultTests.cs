using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class DoerResultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsagent-result-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{"exit_code": 7, "result": "4711"}""", 7, "4711")]
    [InlineData("""{"exit_code": 0}""", 0, "")]
    [InlineData("""{"exit_code": 255, "result": null, "more": [1]}""", 255, "")]
    public void A_result_that_a_doer_left_is_read(string json, int code, string result)
    {
        Write(json);
        Assert.Equal(new DoerResult(code, result), DoerResult.TryRead(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"exit_code": "0"}""")]
    [InlineData("""{"exit_code": 0.5}""")]
    [InlineData("""{"exit_code": 256}""")]
    [InlineData("""{"exit_code": -1}""")]
    public void What_is_no_result_tells_nothing(string json)
    {
        Write(json);
        Assert.Null(DoerResult.TryRead(_folder));
    }

    [Fact]
    public void Where_there_is_none_there_is_none()
    {
        Assert.Null(DoerResult.TryRead(_folder));
        Assert.Null(DoerResult.TryRead(Path.Combine(_folder, "missing")));
    }

    [Fact]
    public void A_result_of_more_than_256_KiB_is_not_read()
    {
        Write($$"""{"exit_code": 0, "result": "{{new string('x', 300_000)}}"}""");
        Assert.Null(DoerResult.TryRead(_folder));
    }

    [Fact]
    public void A_link_to_a_result_elsewhere_is_not_followed()
    {
        var other = Path.Combine(_folder, "other");
        File.WriteAllText(other, """{"exit_code": 0}""");
        File.CreateSymbolicLink(Path.Combine(_folder, DoerResult.FileName), other);
        Assert.Null(DoerResult.TryRead(_folder));
    }

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder, DoerResult.FileName), json);
}
