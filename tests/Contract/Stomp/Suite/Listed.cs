namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>The listed differences: one place, in which each value is held by a test.</summary>
internal static class Listed
{
    /// <summary>The embedded broker, as it stands in the box.</summary>
    public static readonly BrokerTraits Embedded = new()
    {
        Server = "OpsAgent-Embedded/",
        HostIsVirtualHost = false,
        ClientIdIsExclusive = false,
        LeastHeartBeat = 1000,
        Nack = NackEffect.DeadLetter,
        NackIsCumulative = true,
        AckReachesOtherSubscriptions = false,
        SecondAck = Answer.ErrorAndEnd,
        UnsubscribeGivesBack = true,
        RestoresOrderOfSeveral = true,
        MessageIdSurvives = true,
        StampsTime = true,
        SenderSetsTimestamp = false,
        AlwaysTellsLength = false,
        WindowHeader = "activemq.prefetchSize",
        DefaultWindow = 1000,
        HonoursExpires = true,
        HonoursExpiration = false,
        ErrorNamesReceipt = true,
        MayConfirmWhatItRefuses = false,
        ReceiptWaitsForCommit = false,
        Mistakes = Answers(Answer.ErrorAndEnd),
    };

    /// <summary>ActiveMQ Classic 5.17.</summary>
    public static readonly BrokerTraits ActiveMq = new()
    {
        Server = "ActiveMQ/5.",
        HostIsVirtualHost = false,
        ClientIdIsExclusive = true,
        LeastHeartBeat = 1,
        Nack = NackEffect.DeadLetter,
        NackIsCumulative = false,
        AckReachesOtherSubscriptions = false,
        SecondAck = Answer.Error,
        UnsubscribeGivesBack = true,
        RestoresOrderOfSeveral = false,
        MessageIdSurvives = true,
        StampsTime = true,
        SenderSetsTimestamp = true,
        AlwaysTellsLength = false,
        WindowHeader = "activemq.prefetchSize",
        DefaultWindow = 1000,
        HonoursExpires = true,
        HonoursExpiration = false,
        ErrorNamesReceipt = true,
        MayConfirmWhatItRefuses = false,
        ReceiptWaitsForCommit = false,
        Mistakes = Answers(
            Answer.Error,
            (Mistake.UnknownCommand, Answer.ErrorAndEnd),
            (Mistake.LowerCaseCommand, Answer.ErrorAndEnd),
            (Mistake.ServersCommand, Answer.ErrorAndEnd),
            (Mistake.HeaderWithoutColon, Answer.None),
            (Mistake.HeaderWithoutName, Answer.End),
            (Mistake.UndefinedEscape, Answer.None),
            (Mistake.LengthIsNoNumber, Answer.ErrorAndEnd),
            (Mistake.NegativeLength, Answer.End),
            (Mistake.BodyBeyondLength, Answer.ErrorAndEnd),
            (Mistake.SubscriptionIdTwice, Answer.None),
            (Mistake.UnknownAckMode, Answer.None)),
    };

    /// <summary>RabbitMQ 3.10 with its STOMP plugin.</summary>
    public static readonly BrokerTraits RabbitMq = new()
    {
        Server = "RabbitMQ/3.",
        HostIsVirtualHost = true,
        ClientIdIsExclusive = false,
        LeastHeartBeat = 1000,
        Nack = NackEffect.DeliveredAgain,
        NackIsCumulative = true,
        AckReachesOtherSubscriptions = true,
        SecondAck = Answer.ErrorAndEnd,
        UnsubscribeGivesBack = false,
        RestoresOrderOfSeveral = true,
        MessageIdSurvives = false,
        StampsTime = false,
        SenderSetsTimestamp = true,
        AlwaysTellsLength = true,
        WindowHeader = "prefetch-count",
        DefaultWindow = null,
        HonoursExpires = false,
        HonoursExpiration = true,
        ErrorNamesReceipt = false,
        MayConfirmWhatItRefuses = true,
        ReceiptWaitsForCommit = true,
        Mistakes = Answers(
            Answer.Error,
            (Mistake.SecondConnect, Answer.End),
            (Mistake.HeaderWithoutColon, Answer.End),
            (Mistake.HeaderWithoutName, Answer.None),
            (Mistake.UndefinedEscape, Answer.End),
            (Mistake.LengthIsNoNumber, Answer.End),
            (Mistake.NegativeLength, Answer.End),
            (Mistake.BodyBeyondLength, Answer.End),
            (Mistake.SubscribeWithoutId, Answer.None),
            (Mistake.SubscriptionIdTwice, Answer.ErrorAndEnd),
            (Mistake.BeginTwice, Answer.None)),
    };

    private static Dictionary<Mistake, Answer> Answers(Answer most, params (Mistake Mistake, Answer Answer)[] others)
    {
        var answers = Enum.GetValues<Mistake>().ToDictionary(m => m, _ => most);
        foreach (var (mistake, answer) in others)
        {
            answers[mistake] = answer;
        }

        return answers;
    }
}
