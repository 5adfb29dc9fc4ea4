namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>One reader of what comes from outside, with the rules that hold whatever it is given.</summary>
internal interface ITarget : IDisposable
{
    /// <summary>As <c>--target</c> names it.</summary>
    string Name { get; }

    /// <summary>Bytes that one case may allocate, whatever its input is.</summary>
    long AllocationLimit { get; }

    /// <summary>Makes the input of a case, from <paramref name="dice"/> alone.</summary>
    byte[] Make(Dice dice);

    /// <summary>
    /// Reads it; true: taken, false: refused in a documented way. Any exception is a finding, <see cref="BrokenRuleException"/> when
    /// a rule does not hold. It hangs on the input alone.
    /// </summary>
    bool Run(byte[] input);
}
