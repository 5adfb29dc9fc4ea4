using System.Globalization;

namespace OpsAgent.Stomp.Protocol;

/// <summary>How often each side sends something. Zero: it promises nothing.</summary>
/// <param name="Send">The longest silence that this side allows itself.</param>
/// <param name="Receive">The longest silence that the other side allows itself.</param>
internal readonly record struct HeartBeat(TimeSpan Send, TimeSpan Receive)
{
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
        value = TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue));
        return isNumber;
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
