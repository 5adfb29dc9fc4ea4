using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>Headers that a frame can't do without.</summary>
internal static class RequiredHeader
{
    /// <exception cref="FrameRefusedException">The header is missing or empty.</exception>
    public static string Required(this StompFrame frame, string name) => frame.Headers.Get(name) is { Length: > 0 } value
        ? value
        : throw new FrameRefusedException($"{frame.Command.Text()} needs the header {name}");
}
