namespace OpsAgent.Agent.Work.Ledger;

/// <summary>So many in each second; the rest is counted, to be told with the next one. A value, so that it can be taken back.</summary>
internal struct RefusalAllowance(int perSecond)
{
    private long _second = long.MinValue;
    private int _used;
    private int _suppressed;

    public bool TryTake(long nowMs, out int suppressed)
    {
        var second = nowMs / 1_000;
        if (second != _second)
        {
            _second = second;
            _used = 0;
        }

        if (_used >= perSecond)
        {
            _suppressed++;
            suppressed = 0;
            return false;
        }

        _used++;
        suppressed = _suppressed;
        _suppressed = 0;
        return true;
    }
}
