using OpsAgent.Toml.Reading;

namespace OpsAgent.Toml;

/// <summary>Reads TOML 1.0: each method gives the whole document, or throws <see cref="TomlException"/> with a mistake.</summary>
public static class TomlDocument
{
    /// <summary>The largest document, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>How deep a value may lie in tables and arrays, so that reading it, or walking it, overflows no stack.</summary>
    public const int MaxDepth = 128;

    /// <summary>Reads text; <paramref name="fileName"/> only names it in messages.</summary>
    public static TomlTable Parse(string text, string? fileName = null) =>
        new DocumentReader(new TextCursor(SourceText.Check(text, fileName), fileName)).Read();

    /// <summary>Reads UTF-8, with or without a byte order mark.</summary>
    public static TomlTable Parse(ReadOnlySpan<byte> utf8, string? fileName = null) =>
        new DocumentReader(new TextCursor(SourceText.Decode(utf8, fileName), fileName)).Read();

    /// <summary>Reads a file, which messages name as <paramref name="path"/> does.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static TomlTable ReadFile(string path) => Parse(SourceText.ReadBytes(path), path);
}
