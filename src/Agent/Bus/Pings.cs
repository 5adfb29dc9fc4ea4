namespace OpsAgent.Agent.Bus;

/// <summary>Knows a ping before it is read, so that it can pass the requests that wait: quick, and not exact.</summary>
internal static class Pings
{
    private const int Longest = 4_096;

    /// <summary>
    /// True for any short body that has the name in it. A request with that text passes others too, which harms none; a ping that
    /// writes its name with escapes waits like a request.
    /// </summary>
    public static bool MayBeOne(ReadOnlySpan<byte> body) => body.Length <= Longest && body.IndexOf("\"health_ping\""u8) >= 0;
}
