namespace OpsAgent.Tests.Support.Artemis;

/// <summary>What a client is told in an ERROR frame.</summary>
/// <param name="message">The message header.</param>
/// <param name="ends">True where Artemis closes after it. Most of its ERROR frames leave the connection up, against the protocol.</param>
internal sealed class ArtemisException(string message, bool ends = false) : Exception(message)
{
    public bool Ends { get; } = ends;
}
