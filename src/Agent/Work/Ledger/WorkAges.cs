using OpsAgent.Agent.Events;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>How long ago the requests were received that this process has stored.</summary>
internal sealed class WorkAges(TimeProvider time) : RowAges(time);
