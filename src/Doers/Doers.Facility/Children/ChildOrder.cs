namespace OpsAgent.Doers.Facility.Children;

/// <summary>A program to start, without a shell.</summary>
public sealed record ChildOrder
{
    /// <summary>Its absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments, the first of them its name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its whole environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Its working directory.</summary>
    public required string Folder { get; init; }

    /// <summary>The file that its stdout is appended to; made 0600 if it is not there.</summary>
    public required string Stdout { get; init; }

    /// <summary>The same for stderr; it may be the same file.</summary>
    public required string Stderr { get; init; }
}
