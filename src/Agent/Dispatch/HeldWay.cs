using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>What is to be done with a delivery, as its handler has judged.</summary>
/// <param name="Store">How it goes into the ledger: as work or as a refusal.</param>
/// <param name="IfOverfull">What it is told when there is no room to hold it any longer.</param>
/// <param name="AtOnce">True if it waits neither for its turn nor for the ledger: it minds by itself what there is.</param>
internal sealed record HeldWay(Func<CancellationToken, Task<Admission>> Store, Refusal IfOverfull, bool AtOnce = false);
