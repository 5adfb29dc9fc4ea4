using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>The way into the ledger: what completes here is committed, so its delivery may be acked.</summary>
internal interface IIntake
{
    /// <summary>
    /// Stores valid work and queues it in its lane. Does not complete while the ledger can't commit (full disk, locked file):
    /// the caller holds the delivery un-acked meanwhile.
    /// </summary>
    /// <param name="message">The request, its id and delivery.</param>
    /// <param name="body">The body's bytes as received; identity of the request is judged on them.</param>
    /// <param name="work">What its handler made of it.</param>
    /// <param name="cancellationToken">Withdraws it, if it is not being committed already.</param>
    /// <exception cref="OperationCanceledException">It was withdrawn: nothing was stored.</exception>
    Task<Admission> AcceptAsync(OpsMessage message, ReadOnlyMemory<byte> body, WorkRequest work, CancellationToken cancellationToken);

    /// <summary>
    /// Uses up the signature of a request that the agent itself answers. Accepted: it is to be answered now; a known delivery was; a replay
    /// is not yet refused. Same completion and withdrawal as <see cref="AcceptAsync"/>.
    /// </summary>
    Task<Admission> UseAsync(OpsMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a refusal, with its settlement and, when the type is known, the events that its handler concludes. Same
    /// completion and withdrawal as <see cref="AcceptAsync"/>.
    /// </summary>
    Task<Admission> RefuseAsync(Refusal refusal, CancellationToken cancellationToken);
}
