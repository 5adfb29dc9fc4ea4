namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>A failure that may be over in a moment: worth another try.</summary>
internal sealed class RucioPassingException(string message, TimeSpan? wait = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>How long the server asks to wait; null if it does not.</summary>
    public TimeSpan? Wait { get; } = wait;
}
