using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>The exit codes of this doer's own contract. 4 (limit) and 6 (no id) of its predecessor are no more: both are 8.</summary>
internal static class SubmitExit
{
    /// <summary>The command could not be had, or is refused. Nothing was sent.</summary>
    public const DoerExit NoCommand = (DoerExit)3;

    /// <summary>prun ended before it sent anything.</summary>
    public const DoerExit NotSent = (DoerExit)5;

    /// <summary>PanDA has the task, PCS does not know; the id is on stdout.</summary>
    public const DoerExit Unrecorded = (DoerExit)7;

    /// <summary>It is not known whether PanDA took the task.</summary>
    public const DoerExit InDoubt = (DoerExit)8;

    /// <summary>PCS has an id for the task already. Nothing was sent.</summary>
    public const DoerExit AlreadySubmitted = (DoerExit)9;

    /// <summary>The panda client asks for a login: its token has expired. Nothing was sent.</summary>
    public const DoerExit LoginNeeded = (DoerExit)30;
}
