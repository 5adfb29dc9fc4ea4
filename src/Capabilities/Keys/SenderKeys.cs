namespace OpsAgent.Capabilities.Keys;

/// <summary>Who may ask: the same two keys in <c>[capability.NAME]</c> and <c>[message.shutdown]</c>.</summary>
internal static class SenderKeys
{
    public static readonly TextsKey Senders = new(
        "senders",
        "Who may ask: \"user:NAME\", a user that the broker vouches for, or \"key:ID\", the key of a right signature. Default: anybody who may "
        + "write to the queue.")
    {
        Pattern = Patterns.Sender,
        NotEmpty = true,
    };

    public static readonly BooleanKey Signed = new("signed", "Whether a right signature is needed, whoever asks.");

    public static readonly TableForm Form = new() { Keys = [Senders, Signed] };
}
