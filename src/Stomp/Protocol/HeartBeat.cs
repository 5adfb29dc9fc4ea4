using System.Globalization;

namespace OpsAgent.Stomp.Protocol;

/// <summary>How often each side sends something. Zero: it promises nothing.</summary>
/// <param name="Send">The longest silence that this side allows itself.</param>
/// <param name="Receive">The longest silence that the other side allows itself.</param>
internal readonly record struct HeartBeat(TimeSpan Send, TimeSpan Receive)
{
    private const long LongestMilliseconds = 10L * 24 * 3600 * 1000;

    /// <summary>
    /// How long the other side may be silent before it is taken for dead. ActiveMQ Classic sends no heart-beat for the interval after
    /// one in which it sent something else, so twice the interval is silence that a living broker is found in (measured, 5.17.2);
    /// the rest is for late timers.
    /// </summary>
    public TimeSpan LongestSilence => (Receive * 2) + TimeSpan.FromSeconds(0.8);

    /// <summary>As it stands in CONNECT.</summary>
    public string Header => $"{Milliseconds(Send)},{Milliseconds(Receive)}";

    /// <summary>What both agreed to, given the other side's header; none if it sent none.</summary>
    /// <exception cref="StompProtocolException">The header is not two numbers.</exception>
    public HeartBeat Agree(string? theirs)
    {
        if (theirs is null)
        {
            return default;
        }

        var comma = theirs.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !TryParse(theirs.AsSpan(0, comma), out var theySend) || !TryParse(theirs.AsSpan(comma + 1), out var theyWant))
        {
            throw new StompProtocolException(StompProtocolError.MalformedHeader, $"heart-beat is not two numbers: {Printable.Line(theirs)}");
        }

        return new HeartBeat(Slower(Send, theyWant), Slower(Receive, theySend));
    }

    private static TimeSpan Slower(TimeSpan one, TimeSpan other) =>
        one == TimeSpan.Zero || other == TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Max(one.Ticks, other.Ticks));

    private static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        var isNumber = long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds);

        // A timer can't wait for longer than some 49 days, and nobody means such a number.
        value = TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestMilliseconds));
        return isNumber;
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
