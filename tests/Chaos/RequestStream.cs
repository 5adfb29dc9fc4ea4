namespace OpsAgent.Tests.Chaos;

/// <summary>Requests of all three kinds. One in twelve names work that was asked for before, one in fifteen is sent twice.</summary>
internal sealed class RequestStream(Random random)
{
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

        var request = new SentRequest($"r-{n}", (n % 3) switch { 0 => "again", 1 => "once", _ => "kept" }, n, random.Next(15) == 0 ? 2 : 1);
        if (request.IsReport)
        {
            _asked.Add(request);
        }

        return request;
    }
}
