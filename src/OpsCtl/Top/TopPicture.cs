using OpsAgent.OpsCtl.Door;

namespace OpsAgent.OpsCtl.Top;

/// <summary>One moment of an agent.</summary>
/// <param name="Status">The agent.</param>
/// <param name="Running">What has begun, longest first.</param>
/// <param name="Doubt">What may or may not have been done.</param>
internal sealed record TopPicture(AgentState Status, IReadOnlyList<WorkItem> Running, IReadOnlyList<WorkItem> Doubt);
