namespace OpsAgent.Tests.Chaos;

/// <summary>Compares what was sent with what was run and what was settled.</summary>
internal sealed class Verdict
{
    private readonly List<string> _breaches = [];
    private readonly SettlementBook _settled;
    private readonly ILookup<string, int> _starts;
    private readonly Dictionary<string, string> _outcomes = [];

    public Verdict(IReadOnlyCollection<SentRequest> sent, StartBook run, SettlementBook settled)
    {
        _settled = settled;
        _starts = run.ByRequest;
        Sent = sent.Sum(s => s.Sends);
        Run = run.Count;
        foreach (var request in sent)
        {
            Look(request);
        }

        foreach (var work in run.ByWork.Where(w => w.Key.Type != "again"))
        {
            Look(work.Key, [.. work]);
        }

        Doubled += settled.Changed.Count;
        _breaches.AddRange(settled.Changed);
        _breaches.AddRange(_starts.Where(s => sent.All(r => r.Id != s.Key)).Select(s => $"{s.Key} was started and never sent"));
    }

    /// <summary>Deliveries.</summary>
    public int Sent { get; }

    /// <summary>Starts of doers.</summary>
    public int Run { get; }

    /// <summary>Requests without a settlement, or with fewer than deliveries.</summary>
    public int Lost { get; private set; }

    /// <summary>Report work started twice, or settlements and events too many.</summary>
    public int Doubled { get; private set; }

    public int InDoubt { get; private set; }

    /// <summary>Given up after the agent went down during three starts.</summary>
    public int Parked { get; private set; }

    public string Breaches => string.Join('\n', _breaches.Take(50));

    public override string ToString() =>
        $"sent {Sent}, run {Run}, settled {_settled.Count} ({_settled.Repeated} messages published again), doubled {Doubled}, lost {Lost}, "
        + $"in doubt {InDoubt}, parked {Parked}";

    private void Look(SentRequest request)
    {
        var (settled, starts) = (_settled.Of(request.Id), _starts[request.Id].Count());
        var main = settled.FirstOrDefault(s => s.Outcome != "skipped");
        var outcome = main.Outcome ?? (settled.Count > 0 ? "skipped" : "none");
        _outcomes[request.Id] = outcome;
        InDoubt += outcome == "unknown" ? 1 : 0;
        Parked += outcome == "error" && request.Type == "again" ? 1 : 0;
        if (settled.Count < request.Sends)
        {
            Lost++;
            Breach(request, $"settled {settled.Count} times for {request.Sends} deliveries");
        }

        if (settled.Count > request.Sends || settled.Count(s => s.Outcome != "skipped") > 1 || (request.IsReport && starts > 1))
        {
            Doubled++;
            Breach(request, $"started {starts} times, settled as {string.Join(", ", settled)} for {request.Sends} deliveries");
        }

        var fits = outcome switch
        {
            "ok" => starts > 0,
            "unknown" => request.IsReport && request.Type != "looked",
            "rejected" => request.Type == SentRequest.Bad && starts == 0,
            "skipped" => request.IsReport && starts == 0,
            "error" when request.Type == "looked" => starts == 0,
            "error" => !request.IsReport && main.Reason.StartsWith("parked:", StringComparison.Ordinal),
            _ => false,
        };
        if (!fits)
        {
            Breach(request, $"is {outcome} ({main.Reason}) after {starts} starts");
        }

        LookAtEvents(request, outcome);
    }

    private void LookAtEvents(SentRequest request, string outcome)
    {
        var events = _settled.EventsOf(request.Id);
        string[] due = outcome switch { "ok" => ["done"], "unknown" => ["in_doubt"], _ => [] };
        if (!events.Select(e => e.Type).SequenceEqual(due))
        {
            Doubled += events.Count > due.Length ? 1 : 0;
            Lost += events.Count < due.Length ? 1 : 0;
            Breach(request, $"is {outcome} and has the events {string.Join(", ", events)}");
        }
    }

    /// <summary>After one whose end nobody knows, nobody else was started for the same work.</summary>
    private void Look((string Type, int Work) work, IReadOnlyList<string> starts)
    {
        var doubt = starts.TakeWhile(s => _outcomes.GetValueOrDefault(s) != "unknown").Count();
        if (doubt < starts.Count - 1)
        {
            Doubled++;
            _breaches.Add($"{work}: started again while in doubt: {string.Join(", ", starts)}");
        }
    }

    private void Breach(SentRequest request, string what) => _breaches.Add($"{request.Type} {request.Id}: {what}");
}
