using System.Globalization;
using System.Net;
using OpsAgent.Stomp;

namespace OpsAgent.OpsCtl.Settings;

/// <summary>Where brokers listen, written as the agent's configuration has it: <c>host[:port]</c>, several with commas between.</summary>
internal static class BrokerEndpoints
{
    /// <exception cref="OpsCtlException">The text names no broker, or a wrong one (exit 78).</exception>
    public static IReadOnlyList<StompEndpoint> Parse(string text, int defaultPort)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 ? [.. parts.Select(p => One(p, defaultPort))] : throw Wrong($"'{text}' names no broker");
    }

    /// <summary>True if what is sent there does not leave this machine.</summary>
    public static bool IsLoopback(this StompEndpoint endpoint) =>
        endpoint.Host == "localhost" || (IPAddress.TryParse(endpoint.Host, out var address) && IPAddress.IsLoopback(address));

    private static StompEndpoint One(string part, int defaultPort)
    {
        var (host, port) = Cut(part);
        return host.Length == 0 || host.AsSpan().ContainsAny("[]/ ")
            ? throw Wrong($"'{part}' is no host")
            : new StompEndpoint(host, port is null ? defaultPort : Port(part, port));
    }

    /// <summary>The colons of an IPv6 address are no port's, unless it stands in brackets: <c>::1</c>, <c>[::1]:61613</c>.</summary>
    private static (string Host, string? Port) Cut(string part)
    {
        if (part.StartsWith('[') && part.IndexOf(']', StringComparison.Ordinal) is > 0 and var close)
        {
            return part[(close + 1)..] switch
            {
                "" => (part[1..close], null),
                [':', .. var port] => (part[1..close], port),
                _ => throw Wrong($"'{part}' is no host"),
            };
        }

        var colon = part.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || part.LastIndexOf(':') != colon ? (part, null) : (part[..colon], part[(colon + 1)..]);
    }

    private static int Port(string part, string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw Wrong($"'{part}' has no valid port");

    private static OpsCtlException Wrong(string message) => new(
        ExitCode.Configuration,
        $"the broker: {message}",
        "write it as host, host:port, [address]:port, or several of them with commas between (--host, ACTIVEMQ_HOST)");
}
