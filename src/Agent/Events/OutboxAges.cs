namespace OpsAgent.Agent.Events;

/// <summary>How old the rows of the outbox are.</summary>
internal sealed class OutboxAges(TimeProvider time) : RowAges(time);
