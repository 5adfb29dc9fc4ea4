namespace OpsAgent.Abstractions;

/// <summary>A handler whose requests become work in a lane. All doer-backed types share one; a team may add its own.</summary>
public interface IWorkHandler : IHandler
{
    /// <summary>
    /// Says what an ended, refused or cancelled run means: its outcome, reason and events. Called off the receive path, at
    /// least once per request, before the settlement is committed. May write failure markers.
    /// </summary>
    /// <param name="message">The request as it was accepted.</param>
    /// <param name="result">How the run ended, or why it never began.</param>
    /// <param name="cancellationToken">Ends only with the agent itself.</param>
    ValueTask<Conclusion> ConcludeAsync(OpsMessage message, RunResult result, CancellationToken cancellationToken);

    /// <summary>
    /// A request waits for a credential: says what is to be recorded of that, null for nothing. Called at least once a hold. May write
    /// failure markers.
    /// </summary>
    /// <param name="message">The request as it was accepted.</param>
    /// <param name="reason">What it waits for.</param>
    /// <param name="cancellationToken">Ends only with the agent itself.</param>
    ValueTask<ActionRecord?> HeldAsync(OpsMessage message, string reason, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ActionRecord?>(null);
}
