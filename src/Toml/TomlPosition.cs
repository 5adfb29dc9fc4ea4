namespace OpsAgent.Toml;

/// <summary>A place in a document. Both numbers start at 1; a column counts characters: Unicode scalar values, a tab being one.</summary>
public readonly record struct TomlPosition(int Line, int Column)
{
    /// <summary>Where every document begins.</summary>
    public static readonly TomlPosition Start = new(1, 1);

    /// <inheritdoc/>
    public override string ToString() => $"{Line}:{Column}";
}
