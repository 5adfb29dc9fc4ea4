namespace OpsAgent.Tests.Chaos;

/// <summary>A request as it was sent, once or more often.</summary>
/// <param name="Id">Its <c>request_id</c>.</param>
/// <param name="Type">The capability, or <see cref="Bad"/>.</param>
/// <param name="Work">The number that its dedup key is made of.</param>
/// <param name="Sends">How often it was sent, each a delivery of its own.</param>
internal sealed record SentRequest(string Id, string Type, int Work, int Sends)
{
    /// <summary>One without a field that its capability requires: it is refused.</summary>
    public const string Bad = "bad";

    public bool IsReport => Type is not ("again" or Bad);

    public string Body => Type == Bad
        ? $$"""{"msg_type":"once","request_id":"{{Id}}"}"""
        : $$"""{"msg_type":"{{Type}}","n":"{{Work}}","request_id":"{{Id}}"}""";
}
