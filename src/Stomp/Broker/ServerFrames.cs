using System.Globalization;
using System.Text;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>The frames that a server sends, as each version wants them.</summary>
internal static class ServerFrames
{
    private static readonly string ServerName =
        $"OpsAgent-Embedded/{typeof(ServerFrames).Assembly.GetName().Version?.ToString(3) ?? "0"}";

    public static void Connected(SendBuffer output, StompVersion version, string session, HeartBeat heartBeat)
    {
        var frame = new FrameEncoder(output, StompVersion.V10, StompCommand.Connected)
            .Header(KnownHeaders.Version, version.Text())
            .Header(KnownHeaders.Session, session)
            .Header(KnownHeaders.Server, ServerName);
        (version == StompVersion.V10 ? frame : frame.Header(KnownHeaders.HeartBeat, heartBeat.Header)).End();
    }

    public static void Receipt(SendBuffer output, StompVersion version, string receipt) =>
        new FrameEncoder(output, version, StompCommand.Receipt).Header(KnownHeaders.ReceiptId, receipt).End();

    public static void Error(SendBuffer output, StompVersion version, string text, string? receipt, string? versions)
    {
        var line = Printable.Line(text);
        var frame = new FrameEncoder(output, version, StompCommand.Error).Header(KnownHeaders.Message, line);
        Optional(frame, KnownHeaders.Version, versions);
        Optional(frame, KnownHeaders.ReceiptId, receipt);
        frame.Header(KnownHeaders.ContentType, "text/plain").End(Encoding.UTF8.GetBytes(line), contentLength: true);
    }

    public static void Message(SendBuffer output, StompVersion version, Delivery delivery)
    {
        var message = delivery.Entry.Message;
        var frame = new FrameEncoder(output, version, StompCommand.Message)
            .Header(KnownHeaders.Destination, message.Destination)
            .Header(KnownHeaders.MessageId, message.Id)
            .Header(KnownHeaders.Timestamp, message.Timestamp.ToString(CultureInfo.InvariantCulture));
        Optional(frame, KnownHeaders.Subscription, delivery.Consumer.Request.Id);
        if (version == StompVersion.V12)
        {
            Optional(frame, KnownHeaders.Ack, delivery.AckId);
        }

        if (delivery.Redelivered)
        {
            frame.Header(KnownHeaders.Redelivered, "true");
        }

        for (var i = 0; i < message.Headers.Count; i++)
        {
            // 1.0 has no escapes: what it can't write would be read as something else.
            var (name, value) = message.Headers[i];
            if (version != StompVersion.V10 || (name.AsSpan().IndexOfAny('\n', ':') < 0 && !value.Contains('\n', StringComparison.Ordinal)))
            {
                frame.Header(name, value);
            }
        }

        frame.End(message.Body.Span, message.HasContentLength);
    }

    private static void Optional(FrameEncoder frame, string name, string? value)
    {
        if (value is not null)
        {
            frame.Header(name, value);
        }
    }
}
