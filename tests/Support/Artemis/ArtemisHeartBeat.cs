namespace OpsAgent.Tests.Support.Artemis;

/// <summary>What a client's heart-beat header leads to.</summary>
/// <param name="Ping">How often this side sends something; zero: never.</param>
/// <param name="Wanted">How often it wants something, as CONNECTED says.</param>
/// <param name="Ttl">The silence after which it ends the connection.</param>
internal sealed record ArtemisHeartBeat(TimeSpan Ping, TimeSpan Wanted, TimeSpan Ttl)
{
    private static readonly TimeSpan LeastPing = TimeSpan.FromMilliseconds(500);

    public string Header => $"{(long)Ping.TotalMilliseconds},{(long)Wanted.TotalMilliseconds}";

    public static ArtemisHeartBeat Agree(string header, ArtemisOptions options)
    {
        var parts = header.Split(',');
        if (parts.Length != 2 || !long.TryParse(parts[0], out var promised) || !long.TryParse(parts[1], out var wanted))
        {
            throw new ArtemisException($"Incorrect heartbeat header {header}");
        }

        var ping = wanted == 0 ? TimeSpan.Zero : Longer(TimeSpan.FromMilliseconds(wanted), LeastPing);
        if (promised == 0)
        {
            // Even so: a client that says it will be silent is closed when it is.
            return new ArtemisHeartBeat(ping, options.ConnectionTtl / 2, options.ConnectionTtl);
        }

        var ttl = Longer(TimeSpan.FromMilliseconds(promised) * 2, options.ConnectionTtlMin);
        return new ArtemisHeartBeat(ping, ttl / 2, ttl);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
