using OpsAgent.OpsCtl.Door;

namespace OpsAgent.OpsCtl.Logs;

/// <summary>Asks the running agent.</summary>
internal sealed class DoorLogSource(DoorClient door) : ILogSource
{
    public Task<LogPiece> ReadAsync(string id, int attempt, long offset, CancellationToken cancellationToken) =>
        door.GetAsync(
            $"/v1/work/{Uri.EscapeDataString(id)}/logs?attempt={attempt}&offset={offset}", DoorShapesJson.Default.LogPiece, cancellationToken);

    public void Dispose() => door.Dispose();
}
