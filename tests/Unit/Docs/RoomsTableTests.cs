using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Architecture;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>The table of rooms says what the walls are.</summary>
public sealed class RoomsTableTests
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> Rows =
        MarkdownPage.Read("docs/architecture.md").Section("Rooms: who may know whom").Tables[0];

    private static readonly string[] Rooms = [.. Rows.SelectMany(r => MarkdownSection.CodeIn(r[0]))];

    [Fact]
    public void Every_room_is_in_the_table() =>
        Assert.Equal(
            Checkout.Projects.Select(p => p.Path).Where(p => p.StartsWith("src/", StringComparison.Ordinal) && !IsDoer(p))
                .Select(p => Path.GetFileNameWithoutExtension(p)).Order(),
            Rooms.Order());

    [Fact]
    public void Each_room_may_know_whom_the_walls_let_it_know()
    {
        foreach (var row in Rows)
        {
            var path = MarkdownSection.CodeIn(row[0]) is [var room] ? $"src/{room}/{room}.csproj" : "src/Doers/Some/Some.csproj";
            var mayKnow = Rooms.Where(other => !Walls.Breaches(path, [other]).Any());
            Assert.Equal((row[0], string.Join(' ', mayKnow.Order())), (row[0], string.Join(' ', MarkdownSection.CodeIn(row[1]).Order())));
        }
    }

    private static bool IsDoer(string path) =>
        path.StartsWith("src/Doers/", StringComparison.Ordinal) && !path.EndsWith("/Doers.Facility.csproj", StringComparison.Ordinal);
}
