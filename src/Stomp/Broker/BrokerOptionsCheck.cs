namespace OpsAgent.Stomp.Broker;

/// <summary>Everything that is wrong with options, said at once.</summary>
internal static class BrokerOptionsCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <exception cref="ArgumentException">Something is wrong.</exception>
    public static void Check(StompBrokerOptions options)
    {
        var wrong = Wrong(options).ToList();
        if (wrong.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", wrong), nameof(options));
        }
    }

    private static IEnumerable<string> Wrong(StompBrokerOptions o)
    {
        if (o.Port is < 0 or > 65535)
        {
            yield return $"there is no port {o.Port}";
        }

        // CONNECT knows no escapes, so nobody could send such a name.
        if (o.Users.Any(u => u.Key.Length == 0 || IsNoHeader(u.Key) || IsNoHeader(u.Value)))
        {
            yield return "Users: a login is empty, or a login or password holds a line end or NUL";
        }

        if (IsOutside(o.HeartBeatSend, TimeSpan.Zero) || IsOutside(o.HeartBeatReceive, TimeSpan.Zero))
        {
            yield return "heart-beats are from zero to a day";
        }

        if (IsOutside(o.ConnectTimeout, TimeSpan.FromTicks(1)) || IsOutside(o.WriteTimeout, TimeSpan.FromTicks(1)))
        {
            yield return "ConnectTimeout and WriteTimeout are more than zero and at most a day";
        }

        var l = o.Limits;
        var all = new[]
        {
            l.MaxConnections, l.MaxSubscriptions, l.MaxTransactions, l.MaxTransactionFrames, l.MaxDestinations, l.MaxMessages, l.MaxMessageBytes,
            l.MaxHeaders, l.MaxHeaderBytes, l.MaxBodyBytes, l.MaxUnsentBytes, l.MaxTopicBytes,
        };
        if (all.Min() < 1)
        {
            yield return "each limit is at least 1";
        }
    }

    private static bool IsOutside(TimeSpan time, TimeSpan least) => time < least || time > Longest;

    private static bool IsNoHeader(string text) => text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0;
}
