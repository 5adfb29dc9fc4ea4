using OpsAgent.Abstractions;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Send;

/// <summary>How far a request has come, for whoever stops waiting for it: what is known, and how to ask later.</summary>
internal sealed class SendProgress(RequestId id)
{
    private volatile string? _held;
    private volatile bool _handedOver;
    private volatile bool _confirmed;

    /// <summary>It is given to the connection: from here on it may be with the broker.</summary>
    public void HandedOver() => _handedOver = true;

    /// <summary>The broker has it.</summary>
    public void Confirmed() => _confirmed = true;

    /// <summary>The agent has it, and says why it waits.</summary>
    public void Held(string why) => _held = why;

    /// <summary>The time that was given to it is over.</summary>
    public OpsCtlException TooLate(TimeSpan limit) => _handedOver
        ? new OpsCtlException(ExitCode.Negative, $"no {(_confirmed ? "settlement of" : "receipt for")} {id} within {Ages.Of(limit)}: {Known}", Later)
        : new OpsCtlException(
            ExitCode.Unreachable, $"no connection to the broker within {Ages.Of(limit)}; nothing was sent", "check that the broker runs, or give it more --timeout");

    /// <summary>Ctrl-C.</summary>
    public OpsCtlException Interrupted() => _handedOver
        ? new OpsCtlException(ExitCode.Interrupted, $"interrupted while waiting for {id}: {Known}", Later)
        : new OpsCtlException(ExitCode.Interrupted, "interrupted", "nothing was sent");

    private string Known => (_confirmed, _held) switch
    {
        (_, { } held) => $"the agent has it and {held}",
        (true, _) => "the broker has it; it may be queued, running or done",
        _ => "the broker may have it",
    };

    private string Later =>
        $"ask on the agent's host: opsctl work why {id}; sent again with --request-id {id} and the same fields it does not run twice";
}
