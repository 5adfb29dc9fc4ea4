namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Each mistake as it goes on the wire.</summary>
internal static class Mistakes
{
    public const string Receipt = "wrong";

    /// <summary>For a theory.</summary>
    public static IEnumerable<object[]> All => Enum.GetValues<Mistake>().Select(m => new object[] { m });

    /// <summary>The frame, or frames where the mistake is in the second; those that can ask for a receipt do.</summary>
    public static string Frames(Mistake mistake, string queue) => mistake switch
    {
        Mistake.UnknownCommand => Frame("PUBLISH", $"destination:{queue}"),
        Mistake.LowerCaseCommand => Frame("send", $"destination:{queue}"),
        Mistake.ServersCommand => Frame("MESSAGE", $"destination:{queue}"),
        Mistake.SecondConnect => "CONNECT\naccept-version:1.2\nhost:contract\nlogin:ops\npasscode:ops-secret\n\n\0",
        Mistake.HeaderWithoutColon => Frame("SEND", $"destination:{queue}", "lonely"),
        Mistake.HeaderWithoutName => Frame("SEND", $"destination:{queue}", ":nameless"),
        Mistake.UndefinedEscape => Frame("SEND", $"destination:{queue}", "note:a\\tb"),
        Mistake.LengthIsNoNumber => Frame("SEND", $"destination:{queue}", "content-length:many"),
        Mistake.NegativeLength => Frame("SEND", $"destination:{queue}", "content-length:-1"),
        Mistake.BodyBeyondLength => $"SEND\ndestination:{queue}\nreceipt:{Receipt}\ncontent-length:1\n\nabc\0",
        Mistake.SendWithoutDestination => Frame("SEND"),
        Mistake.SubscribeWithoutDestination => Frame("SUBSCRIBE", "id:1"),
        Mistake.SubscribeWithoutId => Frame("SUBSCRIBE", $"destination:{queue}"),
        Mistake.SubscriptionIdTwice => $"SUBSCRIBE\nid:1\ndestination:{queue}\n\n\0" + Frame("SUBSCRIBE", "id:1", $"destination:{queue}-other"),
        Mistake.UnknownAckMode => Frame("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:sometimes"),
        Mistake.UnknownSubscription => Frame("UNSUBSCRIBE", "id:77"),
        Mistake.AckOfNothing => Frame("ACK", "id:77"),
        Mistake.AckWithoutId => Frame("ACK"),
        Mistake.NackOfNothing => Frame("NACK", "id:77"),
        Mistake.BeginWithoutName => Frame("BEGIN"),
        Mistake.BeginTwice => "BEGIN\ntransaction:t\n\n\0" + Frame("BEGIN", "transaction:t"),
        Mistake.CommitOfNothing => Frame("COMMIT", "transaction:t"),
        Mistake.SendInNoTransaction => Frame("SEND", $"destination:{queue}", "transaction:t"),
        _ => throw new ArgumentOutOfRangeException(nameof(mistake)),
    };

    private static string Frame(string command, params string[] headers) =>
        $"{command}\n{string.Concat(headers.Select(h => h + "\n"))}receipt:{Receipt}\n\n\0";
}
