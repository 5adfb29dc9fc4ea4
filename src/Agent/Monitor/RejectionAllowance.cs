using System.Text;

namespace OpsAgent.Agent.Monitor;

/// <summary>
/// One record a minute for a reason that requests are rejected for: a sender that repeats its mistake must not fill the action
/// log. Reasons that differ in their figures alone are one reason.
/// </summary>
internal sealed class RejectionAllowance(TimeProvider time)
{
    /// <summary>Reasons that are told apart within a minute; what comes beyond is not told.</summary>
    public const int MaxReasons = 256;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>What was taken, if it may be told now; null if not.</summary>
    public RejectionTake? TryTake(string msgType, string reason)
    {
        var key = $"{msgType} {WithoutFigures(reason)}";
        lock (_gate)
        {
            if (_last.TryGetValue(key, out var at) && time.GetElapsedTime(at) < Minute)
            {
                return null;
            }

            if (_last.Count >= MaxReasons)
            {
                foreach (var old in _last.Where(l => time.GetElapsedTime(l.Value) >= Minute).Select(static l => l.Key).ToList())
                {
                    _last.Remove(old);
                }
            }

            if (_last.Count >= MaxReasons && !_last.ContainsKey(key))
            {
                return null;
            }

            var take = new RejectionTake(key, time.GetTimestamp());
            _last[key] = take.At;
            return take;
        }
    }

    /// <summary>It was not told after all: the next one may be. Changes nothing if the reason was told again meanwhile.</summary>
    public void GiveBack(RejectionTake take)
    {
        lock (_gate)
        {
            if (_last.TryGetValue(take.Reason, out var at) && at == take.At)
            {
                _last.Remove(take.Reason);
            }
        }
    }

    private static string WithoutFigures(string reason)
    {
        var text = new StringBuilder(reason.Length);
        foreach (var c in reason)
        {
            if (!char.IsAsciiDigit(c))
            {
                text.Append(c);
            }
            else if (text.Length == 0 || text[^1] != '0')
            {
                text.Append('0');
            }
        }

        return text.ToString();
    }
}
