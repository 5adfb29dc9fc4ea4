using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Agent.Control;

/// <summary>Who asks for a change.</summary>
internal static class DoorPeer
{
    /// <summary>The kernel's word of the peer; null where there is none, and then nothing is to be changed.</summary>
    public static PeerCredentials? Of(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? PeerCredentials.Of(socket) : null;

    /// <summary>The answer to a change that nobody can be named for.</summary>
    public static DoorReply Unknown() => DoorReply.Error(
        StatusCodes.Status403Forbidden, "who asks can't be told on this connection", "use the control socket");
}
