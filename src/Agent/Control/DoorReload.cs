using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OpsAgent.Agent.Control;

/// <summary>The reload.</summary>
internal sealed class DoorReload(IReload reload) : IDoorPart
{
    public void Map(IEndpointRouteBuilder routes, DoorGuard guard) => routes.MapPost("/v1/reload", guard.Around(ReloadAsync));

    private async Task<DoorReply> ReloadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (DoorPeer.Of(context) is not { } peer)
        {
            return DoorPeer.Unknown();
        }

        var answer = await Task.Run(() => reload.Reload($"uid {peer.Uid} (pid {peer.Pid})"), cancellationToken);
        return DoorReply.Ok(answer, DoorJson.Default.ReloadAnswer);
    }
}
