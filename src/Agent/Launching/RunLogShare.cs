namespace OpsAgent.Agent.Launching;

/// <summary>How much of one run's output is kept, in bytes.</summary>
/// <param name="Head">From its beginning.</param>
/// <param name="Tail">From its end.</param>
/// <param name="Line">Of a line.</param>
internal readonly record struct RunLogShare(long Head, int Tail, int Line)
{
    /// <summary>Of a look-up: there are hundreds of them, and each has a few words to say.</summary>
    public static RunLogShare OfLookUp(LaunchingOptions options) => new(
        Math.Min(4 * 1024, options.RunLogHeadBytes), Math.Min(12 * 1024, options.RunLogTailBytes), options.MaxLineBytes);

    /// <summary>Of an attempt.</summary>
    public static RunLogShare OfAttempt(LaunchingOptions options) =>
        new(options.RunLogHeadBytes, options.RunLogTailBytes, options.MaxLineBytes);
}
