namespace OpsAgent.Doers.Facility.Doors;

/// <summary>Copies a file from a door of one kind.</summary>
internal interface IDoorReader
{
    /// <summary>
    /// Copies into <paramref name="target"/>. Throws <see cref="DoorFailedException"/> if the door does not deliver;
    /// <paramref name="limit"/> is told for limits within, and <paramref name="stop"/> ends the copy when it is reached.
    /// </summary>
    Task CopyAsync(Door door, DoorTarget target, TimeSpan limit, CancellationToken stop);
}
