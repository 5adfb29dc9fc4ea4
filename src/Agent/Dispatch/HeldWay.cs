using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>What is to be done with a delivery, as its handler has judged.</summary>
/// <param name="Store">How it goes into the ledger: as work or as a refusal.</param>
/// <param name="IfOverfull">What it is told when there is no room to hold it any longer.</param>
internal sealed record HeldWay(Func<CancellationToken, Task<Admission>> Store, Refusal IfOverfull);
