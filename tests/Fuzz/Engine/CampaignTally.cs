using System.Globalization;

namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>What was tried and what it cost.</summary>
internal sealed class CampaignTally
{
    private long _cases;
    private long _taken;
    private long _bytes;
    private long _mostAllocated;
    private TimeSpan _slowest;

    /// <param name="taken">Null: a finding.</param>
    /// <param name="bytes">Of the input.</param>
    /// <param name="allocated">Bytes that it took.</param>
    /// <param name="elapsed">Time that it took.</param>
    public void Add(bool? taken, int bytes, long allocated, TimeSpan elapsed)
    {
        _cases++;
        _taken += taken == true ? 1 : 0;
        _bytes += bytes;
        _mostAllocated = Math.Max(_mostAllocated, allocated);
        _slowest = elapsed > _slowest ? elapsed : _slowest;
    }

    public string Line(string target, ulong seed, TimeSpan elapsed, int findings) => string.Create(
        CultureInfo.InvariantCulture,
        $"{target}: {_cases:#,0} cases in {elapsed.TotalSeconds:0.0} s ({_cases / Math.Max(elapsed.TotalSeconds, 0.001):#,0} a second), "
        + $"{100.0 * _taken / Math.Max(_cases, 1):0.#} % taken, {_bytes / Math.Max(_cases, 1)} bytes on average, "
        + $"slowest {_slowest.TotalMilliseconds:0.0} ms, at most {_mostAllocated >> 10:#,0} KiB, seed {seed}: {findings} findings");
}
