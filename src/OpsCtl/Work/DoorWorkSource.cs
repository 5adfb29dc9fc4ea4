using OpsAgent.OpsCtl.Door;

namespace OpsAgent.OpsCtl.Work;

/// <summary>Requests as the running agent tells them.</summary>
internal sealed class DoorWorkSource(DoorClient door) : IWorkSource
{
    public string Name => "agent";

    public async Task<IReadOnlyList<WorkItem>> ListAsync(WorkFilter filter, CancellationToken cancellationToken)
    {
        var query = $"limit={filter.Limit}"
            + (filter.State is { } state ? $"&state={Uri.EscapeDataString(state)}" : "")
            + (filter.MsgType is { } type ? $"&msg_type={Uri.EscapeDataString(type)}" : "")
            + (filter.Sender is { } sender ? $"&sender={Uri.EscapeDataString(sender)}" : "");
        return (await door.GetAsync($"/v1/work?{query}", DoorShapesJson.Default.WorkPage, cancellationToken)).Work;
    }

    public Task<WorkItem> ShowAsync(string id, CancellationToken cancellationToken) =>
        door.GetAsync($"/v1/work/{Uri.EscapeDataString(id)}", DoorShapesJson.Default.WorkItem, cancellationToken);

    public Task<WorkWhy> WhyAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        door.GetAsync($"/v1/work/{Uri.EscapeDataString(id)}/why", DoorShapesJson.Default.WorkWhy, cancellationToken);

    public void Dispose() => door.Dispose();
}
