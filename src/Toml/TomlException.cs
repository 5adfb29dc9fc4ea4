namespace OpsAgent.Toml;

/// <summary>A document that is not TOML 1.0, or that is larger or deeper than this reader accepts.</summary>
public sealed class TomlException : Exception
{
    /// <summary>Says what is wrong where; the message reads <c>file:line:column: problem</c>.</summary>
    public TomlException(string? fileName, TomlPosition position, string problem)
        : base(fileName is null ? $"{position}: {problem}" : $"{fileName}:{position}: {problem}")
    {
        FileName = fileName;
        Position = position;
        Problem = problem;
    }

    /// <summary>The file as it was named to the reader; null for text that came from none.</summary>
    public string? FileName { get; }

    /// <summary>The character to look at.</summary>
    public TomlPosition Position { get; }

    /// <summary>What is wrong and what was expected, without the place.</summary>
    public string Problem { get; }
}
