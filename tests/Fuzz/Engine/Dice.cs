namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>
/// Chance that can be repeated: case n of a seed is the same on every machine, whatever cases went before it (SplitMix64).
/// </summary>
internal sealed class Dice
{
    private ulong _state;

    public Dice(ulong seed, long number) => _state = Mixed(seed + 0x9E3779B97F4A7C15) ^ Mixed((ulong)number);

    /// <summary>Chance that hangs on an input alone, so that a replay needs nothing but the input.</summary>
    public static Dice Of(ReadOnlySpan<byte> input)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in input)
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        return new Dice(hash, input.Length);
    }

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mixed(_state);
    }

    /// <summary>From 0 to <paramref name="limit"/> - 1; 0 if the limit is 0.</summary>
    public int Below(int limit) => limit <= 0 ? 0 : (int)(Next() % (uint)limit);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool OneIn(int n) => Below(n) == 0;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>Mostly small, now and then up to <paramref name="most"/>.</summary>
    public int Size(int most) => OneIn(20) ? Below(most + 1) : Below(Math.Min(most, 8) + 1);

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
