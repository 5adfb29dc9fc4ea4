using System.Diagnostics;
using Xunit;

namespace OpsAgent.Tests.Unit.Architecture;

public sealed class WallTests
{
    private static IEnumerable<ProjectFile> Rooms => Checkout.Projects.Where(project => project.IsSource);

    [Fact]
    public void No_project_refers_to_a_room_it_must_not_know() =>
        Breaches.None(Rooms.SelectMany(room => Walls.Breaches(room.Path, room.References)));

    [Fact]
    public void No_assembly_uses_a_room_it_must_not_know()
    {
        var rooms = Checkout.Projects.ToDictionary(room => room.AssemblyName, room => room.Name, StringComparer.Ordinal);
        Breaches.None(Rooms.SelectMany(room => Walls.Breaches(
            room.Path,
            CompiledAssembly.References(AssemblyOf(room.AssemblyName)).Where(rooms.ContainsKey).Select(name => rooms[name]))));
    }

    [Fact]
    public void Every_room_is_referred_to_by_the_unit_tests_so_that_its_assembly_is_checked()
    {
        var unit = Checkout.Projects.Single(project => project.Name == "Unit");
        Breaches.None(Rooms.Select(room => room.Name).Except(unit.References));
    }

    [Theory]
    [InlineData("src/Agent.Abstractions/Agent.Abstractions.csproj", "Toml")]
    [InlineData("src/Stomp/Stomp.csproj", "Agent.Abstractions")]
    [InlineData("src/Capabilities/Capabilities.csproj", "Agent")]
    [InlineData("src/Agent/Agent.csproj", "Doers.Facility")]
    [InlineData("src/Agent/Agent.csproj", "Support")]
    [InlineData("src/Doers/PayloadLog/PayloadLog.csproj", "Agent.Abstractions")]
    [InlineData("src/Doers/Doers.Facility/Doers.Facility.csproj", "PayloadLog")]
    [InlineData("src/Doers/SubmitTask/SubmitTask.csproj", "PayloadLog")]
    [InlineData("src/OpsCtl/OpsCtl.csproj", "Agent")]
    public void A_reference_through_a_wall_is_a_breach(string room, string neighbour) =>
        Assert.Contains(neighbour, Assert.Single(Walls.Breaches(room, [neighbour])), StringComparison.Ordinal);

    [Fact]
    public void A_room_without_walls_is_a_breach() =>
        Assert.Contains("without walls", Assert.Single(Walls.Breaches("src/Attic/Attic.csproj", [])), StringComparison.Ordinal);

    [Fact]
    public void A_reference_that_the_design_allows_is_none() =>
        Assert.Empty(Walls.Breaches("src/OpsCtl/OpsCtl.csproj", ["Stomp", "Doers.Facility"]));

    [Fact]
    public void The_agent_starts_nothing_through_the_runtimes_process_class() =>
        Assert.DoesNotContain(typeof(Process).FullName!, CompiledAssembly.ForeignTypes(AssemblyOf("opsagent")));

    [Fact]
    public void A_use_of_the_process_class_and_of_another_room_is_seen()
    {
        // The test above uses the one, its neighbour EventuallyTests the other.
        var here = AssemblyOf("OpsAgent.Tests.Unit");
        Assert.Contains(typeof(Process).FullName!, CompiledAssembly.ForeignTypes(here));
        Assert.Contains("OpsAgent.Tests.Support", CompiledAssembly.References(here));
    }

    private static string AssemblyOf(string name) => Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
}
