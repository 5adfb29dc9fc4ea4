using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>The frames that a client sends, as each version wants them.</summary>
internal static class ClientFrames
{
    public static void Connect(SendBuffer output, StompClientOptions options, StompEndpoint endpoint)
    {
        var frame = new FrameEncoder(output, StompVersion.V10, StompCommand.Connect)
            .Header("accept-version", string.Join(',', options.AcceptVersions))
            .Header("host", options.VirtualHost ?? endpoint.Host);
        Optional(frame, "login", options.Login);
        Optional(frame, "passcode", options.Passcode);
        Optional(frame, "client-id", options.ClientId);
        frame.Header(KnownHeaders.HeartBeat, new HeartBeat(options.HeartBeatSend, options.HeartBeatReceive).Header).End();
    }

    public static void Subscribe(SendBuffer output, StompVersion version, StompSubscription subscription) =>
        new FrameEncoder(output, version, StompCommand.Subscribe)
            .Header(KnownHeaders.Id, subscription.Id)
            .Header(KnownHeaders.Destination, subscription.Options.Destination)
            .Header("ack", subscription.Options.AckMode switch
            {
                StompAckMode.Client => "client",
                StompAckMode.ClientIndividual => "client-individual",
                _ => "auto",
            })
            .Headers(subscription.Options.Headers)
            .End();

    public static void Unsubscribe(SendBuffer output, StompVersion version, StompSubscription subscription) =>
        new FrameEncoder(output, version, StompCommand.Unsubscribe).Header(KnownHeaders.Id, subscription.Id).End();

    public static void Send(SendBuffer output, StompVersion version, StompOutgoing message, string? receipt)
    {
        foreach (var (name, _) in message.Headers)
        {
            if (name is KnownHeaders.Destination or KnownHeaders.Receipt or KnownHeaders.ContentLength)
            {
                throw new ArgumentException($"the header {name} is set by the client itself", nameof(message));
            }
        }

        var frame = new FrameEncoder(output, version, StompCommand.Send).Header(KnownHeaders.Destination, message.Destination);
        Optional(frame, KnownHeaders.Receipt, receipt);
        frame.Headers(message.Headers).End(message.Body.Span, message.ContentLength);
    }

    /// <summary>ACK or NACK. False, and nothing written, if the message does not carry what the version needs for it.</summary>
    public static bool Answer(SendBuffer output, StompVersion version, StompCommand answer, StompMessage message)
    {
        var id = version == StompVersion.V12 ? message.Headers.Get(KnownHeaders.Ack) : message.Headers.Get(KnownHeaders.MessageId);
        if (id is null || (version == StompVersion.V10 && answer == StompCommand.Nack))
        {
            return false;
        }

        var frame = new FrameEncoder(output, version, answer).Header(version == StompVersion.V12 ? KnownHeaders.Id : KnownHeaders.MessageId, id);
        if (version == StompVersion.V11)
        {
            frame.Header(KnownHeaders.Subscription, message.Headers.Get(KnownHeaders.Subscription) ?? message.Subscription?.Id ?? "");
        }

        frame.End();
        return true;
    }

    public static void Disconnect(SendBuffer output, StompVersion version, string receipt) =>
        new FrameEncoder(output, version, StompCommand.Disconnect).Header(KnownHeaders.Receipt, receipt).End();

    private static void Optional(FrameEncoder frame, string name, string? value)
    {
        if (value is not null)
        {
            frame.Header(name, value);
        }
    }
}
