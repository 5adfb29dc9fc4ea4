namespace OpsAgent.Tests.Chaos;

/// <summary>
/// Requests of all kinds. One in twelve names work that was asked for before, one in fifteen is sent twice, one in ten is refused, and
/// one in forty asks to be tried again later.
/// </summary>
internal sealed class RequestStream(Random random)
{
    private static readonly string[] Types = ["again", "once", "kept", "looked"];

    private readonly List<SentRequest> _asked = [];
    private int _next;

    public SentRequest Next()
    {
        var n = _next++;
        if (_asked.Count > 0 && random.Next(12) == 0)
        {
            // Of the last few, so that some are under way still.
            return _asked[^random.Next(1, Math.Min(9, _asked.Count + 1))] with { Id = $"r-{n}", Sends = 1 };
        }

        if (random.Next(10) == 0)
        {
            return new SentRequest($"r-{n}", SentRequest.Bad, n, Sends: 1);
        }

        var type = random.Next(40) == 0 ? "later" : Types[n % Types.Length];
        var request = new SentRequest($"r-{n}", type, n, random.Next(15) == 0 ? 2 : 1);
        if (request.IsReport)
        {
            _asked.Add(request);
        }

        return request;
    }
}
