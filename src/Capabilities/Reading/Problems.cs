using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>The mistakes found so far; reading goes on after each, so that all are told at once.</summary>
internal sealed class Problems(string file)
{
    private readonly List<ManifestError> _errors = [];

    public int Count => _errors.Count;

    public void Add(TomlPosition position, string path, string message) =>
        _errors.Add(new ManifestError(file, position.Line, position.Column, PlainWords.Of(path), PlainWords.Of(message)));

    public IReadOnlyList<ManifestError> InOrder() => [.. _errors.OrderBy(static e => e.Line).ThenBy(static e => e.Column)];
}
