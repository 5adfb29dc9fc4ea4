namespace OpsAgent.Tests.Support.Artemis;

/// <summary>A MESSAGE frame that was written.</summary>
/// <param name="Message">What.</param>
/// <param name="Consumer">The first half of its message-id.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Bytes">Of the whole frame: what it takes from the window until it is acked.</param>
public sealed record ArtemisDelivery(ArtemisMessage Message, long Consumer, int Attempt, int Bytes)
{
    /// <summary>The header of this name.</summary>
    public string MessageId => $"{Consumer},{Message.Number}";
}
