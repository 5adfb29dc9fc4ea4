namespace OpsAgent.Abstractions;

/// <summary>The <c>msg_type</c> of a request or event, for example <c>fetch_payload_log</c>; at most 50 characters.</summary>
public readonly record struct MsgType(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>What work is about: only one of what is queued, running or in doubt may hold a key at a time.</summary>
public readonly record struct DedupKey(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// Says that two frames are the same broker message again. How it is derived differs by broker; where no broker gives
/// one, it is absent, and then only the caller's <see cref="RequestId"/> keeps a redelivery from running twice.
/// </summary>
public readonly record struct DeliveryId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A named set of slots that work runs in, so that one kind of work never takes the slots of another.</summary>
public readonly record struct LaneName(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
