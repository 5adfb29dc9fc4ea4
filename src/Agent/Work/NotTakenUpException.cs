namespace OpsAgent.Agent.Work;

/// <summary>Work could not be taken up: its row could not be read. Nothing of it has begun, so it may be offered again.</summary>
internal sealed class NotTakenUpException(Exception cause) : Exception($"the ledger could not be read: {cause.Message}", cause);
