using System.Globalization;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>What a SUBSCRIBE frame asks for.</summary>
/// <param name="Id">The subscription's id; null: a client of version 1.0 gave none.</param>
/// <param name="Destination">Where it subscribes to.</param>
/// <param name="Mode">When a message counts as done.</param>
/// <param name="Window">Messages that the consumer may have un-acked.</param>
internal sealed record SubscriptionRequest(string? Id, string Destination, StompAckMode Mode, int Window)
{
    private const int DefaultWindow = 1000;

    /// <exception cref="FrameRefusedException">A header is missing or makes no sense.</exception>
    public static SubscriptionRequest Read(StompFrame frame, StompVersion version)
    {
        var destination = DestinationName.Of(frame);
        if (frame.Headers.TryGet("selector", out _))
        {
            throw new FrameRefusedException("this broker knows no selectors");
        }

        return new SubscriptionRequest(
            version == StompVersion.V10 ? frame.Headers.Get(KnownHeaders.Id) : frame.Required(KnownHeaders.Id),
            destination,
            ModeOf(frame.Headers.Get(KnownHeaders.Ack)),
            WindowOf(frame.Headers.Get("activemq.prefetchSize")));
    }

    private static StompAckMode ModeOf(string? text) => text switch
    {
        null or "auto" => StompAckMode.Auto,
        "client" => StompAckMode.Client,
        "client-individual" => StompAckMode.ClientIndividual,
        _ => throw new FrameRefusedException($"ack is auto, client or client-individual, not {Printable.Line(text)}"),
    };

    private static int WindowOf(string? text) =>
        text is null ? DefaultWindow
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var window) && window > 0 ? window
        : throw new FrameRefusedException($"activemq.prefetchSize is a number of messages, at least 1, not {Printable.Line(text)}");
}
