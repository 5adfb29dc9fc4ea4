using Microsoft.AspNetCore.Routing;

namespace OpsAgent.Agent.Control;

/// <summary>Some of the door's routes.</summary>
internal interface IDoorPart
{
    /// <summary>Adds them, each behind the guard.</summary>
    void Map(IEndpointRouteBuilder routes, DoorGuard guard);
}
