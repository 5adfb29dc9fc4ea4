using System.Globalization;

namespace OpsAgent.Agent.Bus;

/// <summary>The broker's <c>timestamp</c> header: milliseconds since 1970, in decimal.</summary>
internal static class BrokerTime
{
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The moment, or null if the header is absent, zero or no such number.</summary>
    public static DateTimeOffset? Parse(string? header) =>
        long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms > 0 && ms <= Latest
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : null;
}
