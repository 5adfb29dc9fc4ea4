namespace OpsAgent.Doers.Facility.Doors;

/// <summary>One door did not deliver; another may.</summary>
internal sealed class DoorFailedException(string message, bool hung = false, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>True if it did not fail but let its limit pass.</summary>
    public bool Hung { get; } = hung;
}
