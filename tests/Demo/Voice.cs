namespace OpsAgent.Tests.Demo;

/// <summary>What the demo says: a headline for each step, and below it what happens, when it happens.</summary>
internal sealed class Voice(TextWriter output, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _began = time.GetTimestamp();
    private int _step;

    /// <summary>Plain text, as it is.</summary>
    public void Plain(string text = "")
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }

    /// <summary>The next step's headline.</summary>
    public void Step(string headline) => Plain($"\n{Interlocked.Increment(ref _step)}. {headline}");

    /// <summary>Something that happens now.</summary>
    public void Now(string what) => Plain($"{time.GetElapsedTime(_began).TotalSeconds,6:0.0} s  {what}");

    /// <summary>A command as a user would type it.</summary>
    public void Command(string line) => Now($"$ {line}");

    /// <summary>A line that a program or a file shows.</summary>
    public void Shown(string line) => Plain($"          | {line}");
}
