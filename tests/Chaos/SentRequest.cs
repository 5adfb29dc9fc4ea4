namespace OpsAgent.Tests.Chaos;

/// <summary>A request as it was sent, once or more often.</summary>
/// <param name="Id">Its <c>request_id</c>.</param>
/// <param name="Type">The capability.</param>
/// <param name="Work">The number that its dedup key is made of.</param>
/// <param name="Sends">How often it was sent, each a delivery of its own.</param>
internal sealed record SentRequest(string Id, string Type, int Work, int Sends)
{
    public bool IsReport => Type != "again";

    public string Body => $$"""{"msg_type":"{{Type}}","n":"{{Work}}","request_id":"{{Id}}"}""";
}
