namespace OpsAgent.Agent.Work.Ledger;

/// <summary>A request in doubt, as far as the next look at it needs it.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Since">When it came into doubt, ms unix UTC.</param>
/// <param name="LookedAt">When it was last looked at in vain; null: not yet.</param>
internal readonly record struct StoredDoubt(long Id, long Since, long? LookedAt);
