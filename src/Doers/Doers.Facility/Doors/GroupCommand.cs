namespace OpsAgent.Doers.Facility.Doors;

/// <summary>A program for <see cref="ChildGroup"/> to run, and where what it says goes.</summary>
/// <param name="Program">Its absolute path.</param>
/// <param name="Arguments">Its arguments; everybody on the host can read them.</param>
internal sealed record GroupCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables set besides this process's own.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What it finds in its stdin.</summary>
    public string Input { get; init; } = "";

    /// <summary>Reads its stdout to the end; if that fails, the program is ended and the failure passed on.</summary>
    public Func<Stream, CancellationToken, Task> Output { get; init; } = static (output, stop) => output.CopyToAsync(Stream.Null, stop);

    /// <summary>Takes the secrets out of each line of its stderr.</summary>
    public Func<string, string> Hide { get; init; } = static line => line;
}
