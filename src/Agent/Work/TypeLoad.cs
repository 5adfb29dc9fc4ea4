namespace OpsAgent.Agent.Work;

/// <summary>How many of one type run, in all lanes: after a reload that moved it, it runs in more than one.</summary>
internal sealed class TypeLoad
{
    private int _running;
    private int _lanes;

    /// <summary>True once more than one lane has work of it.</summary>
    public bool IsShared => Volatile.Read(ref _lanes) > 1;

    public bool IsBelow(int most) => Volatile.Read(ref _running) < most;

    /// <summary>Says that one more lane has work of it.</summary>
    public void Join() => Interlocked.Increment(ref _lanes);

    /// <summary>One more runs, unless so many do: another lane may have been faster.</summary>
    public bool TryTake(int most)
    {
        for (var seen = Volatile.Read(ref _running); seen < most;)
        {
            var before = Interlocked.CompareExchange(ref _running, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>One more runs already.</summary>
    public void Take() => Interlocked.Increment(ref _running);

    public void Release() => Interlocked.Decrement(ref _running);
}
