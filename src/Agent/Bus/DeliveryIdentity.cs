using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Bus;

/// <summary>
/// Derives what stays the same when a broker delivers a message again. ActiveMQ Classic keeps the whole message-id
/// (<c>ID:host-port-...</c>). Artemis writes <c>consumer,message</c>, and the first half changes with every subscription, so
/// the second half counts, together with the timestamp since a rebuilt store numbers anew. Our embedded broker gives each
/// message a UUID. Other brokers (RabbitMQ) give a new id at each redelivery: there is no identity to derive.
/// </summary>
internal static class DeliveryIdentity
{
    private const int MaxLength = 255;

    /// <summary>The identity, or null if this broker has none.</summary>
    /// <param name="messageId">The <c>message-id</c> header.</param>
    /// <param name="timestamp">The <c>timestamp</c> header; null without one. One that is no time, such as 0, tells nothing apart.</param>
    public static DeliveryId? Derive(string? messageId, string? timestamp)
    {
        if (string.IsNullOrEmpty(messageId) || messageId.Length > MaxLength)
        {
            return null;
        }

        if (messageId.StartsWith("ID:", StringComparison.Ordinal) || Guid.TryParseExact(messageId, "D", out _))
        {
            return new DeliveryId(messageId);
        }

        return IsArtemis(messageId, out var comma) && BrokerTime.Parse(timestamp) is not null
            ? new DeliveryId($"artemis:{messageId.AsSpan(comma + 1)}:{timestamp}")
            : null;
    }

    private static bool IsArtemis(string messageId, out int comma)
    {
        comma = messageId.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && AllDigits(messageId.AsSpan(0, comma)) && AllDigits(messageId.AsSpan(comma + 1));
    }

    private static bool AllDigits(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0;
}
