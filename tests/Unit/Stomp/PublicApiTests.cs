using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class PublicApiTests
{
    private const string File = "tests/Unit/Stomp/PublicApi.txt";

    /// <summary>
    /// Whatever others may use is a promise. A change that is meant is accepted by a run with OPSAGENT_ACCEPT_API=1, which writes the
    /// file anew, and is then seen in the diff.
    /// </summary>
    [Fact]
    public async Task The_STOMP_librarys_public_surface_changes_on_purpose_only()
    {
        var path = Path.Combine(Repository.Root, File);
        var now = ApiText.Of(typeof(StompClient).Assembly);
        if (Environment.GetEnvironmentVariable("OPSAGENT_ACCEPT_API") == "1")
        {
            await System.IO.File.WriteAllTextAsync(path, now);
        }

        var promised = await System.IO.File.ReadAllLinesAsync(path);
        var lines = now.TrimEnd('\n').Split('\n');
        var gone = promised.Except(lines).Select(l => $"- {l.Trim()}");
        var added = lines.Except(promised).Select(l => $"+ {l.Trim()}");
        Assert.True(
            now == await System.IO.File.ReadAllTextAsync(path),
            $"the public API of OpsAgent.Stomp is not what {File} says:\n{string.Join('\n', gone.Concat(added))}\n"
            + "If that is meant, accept it: OPSAGENT_ACCEPT_API=1 dotnet test tests/Unit --filter PublicApiTests");
    }
}
