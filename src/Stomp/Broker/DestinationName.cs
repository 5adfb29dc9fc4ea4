using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>What a destination may be called.</summary>
internal static class DestinationName
{
    public const string Queue = "/queue/";
    public const string Topic = "/topic/";
    private const string DeadLetters = Queue + "DLQ.";
    private const int Longest = 500;

    /// <summary>The destination that a frame names.</summary>
    /// <exception cref="FrameRefusedException">It names none, or none that there can be.</exception>
    public static string Of(StompFrame frame)
    {
        var name = frame.Required(KnownHeaders.Destination);
        return IsGood(name)
            ? name
            : throw new FrameRefusedException($"a destination is /queue/NAME or /topic/NAME, not {Printable.Line(name)}");
    }

    public static bool IsTopic(string destination) => destination.StartsWith(Topic, StringComparison.Ordinal);

    /// <summary>Where messages go that a consumer of a queue refuses; null for a dead-letter queue, where that is their end.</summary>
    public static string? DeadLetterQueueOf(string destination) =>
        destination.StartsWith(DeadLetters, StringComparison.Ordinal) ? null : string.Concat(DeadLetters, destination.AsSpan(Queue.Length));

    // The two prefixes are of one length.
    private static bool IsGood(string name) =>
        (name.StartsWith(Queue, StringComparison.Ordinal) || IsTopic(name)) && name.Length > Queue.Length && name.Length <= Longest
        && !name.AsSpan().ContainsAnyInRange('\0', '\x1f') && !name.Contains('\x7f', StringComparison.Ordinal);
}
