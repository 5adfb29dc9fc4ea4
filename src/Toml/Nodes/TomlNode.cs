namespace OpsAgent.Toml;

/// <summary>A value of a document: one of the sealed classes of this folder. <c>ToString</c> gives a scalar's text as
/// configuration takes it: a string's characters, every other scalar in TOML's own notation.</summary>
public abstract class TomlNode
{
    private protected TomlNode(TomlPosition position) => Position = position;

    /// <summary>Where the value begins: its first character, or for a table with a header the header's bracket.</summary>
    public TomlPosition Position { get; private protected set; }

    /// <summary>The type's name for messages, such as "integer" or "local date".</summary>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
