namespace OpsAgent.OpsCtl.Ping;

/// <summary>What a ping run does.</summary>
internal sealed record PingPlan
{
    /// <summary>Where pings go.</summary>
    public required string Queue { get; init; }

    /// <summary>Where pongs come; a suffix is added when a late pong has to be told from the next one.</summary>
    public required string ReplyTo { get; init; }

    public required string Namespace { get; init; }

    /// <summary>How many; 0: until it is stopped.</summary>
    public required int Count { get; init; }

    /// <summary>From the start of one to the start of the next; zero: as fast as answers come.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>After this a ping is lost.</summary>
    public required TimeSpan Timeout { get; init; }
}
