namespace OpsAgent.Capabilities.Templates;

/// <summary>A piece of a template.</summary>
public abstract record TemplatePart
{
    private TemplatePart()
    {
    }

    /// <summary>Text that stands as it is.</summary>
    public sealed record Literal(string Text) : TemplatePart;

    /// <summary>A name whose value is put in.</summary>
    public sealed record Variable(string Name, TemplateModifier Modifier) : TemplatePart
    {
        /// <summary>With <see cref="TemplateModifier.Json"/>: the member of the object that is meant; empty for the whole.</summary>
        public string Member { get; init; } = "";

        /// <summary>As a template spells it.</summary>
        public override string ToString()
        {
            var member = Member.Length > 0 ? $".{Member}" : "";
            return Modifier == TemplateModifier.None ? $"{{{Name}}}" : $"{{{Name}:{Modifier.ToString().ToLowerInvariant()}{member}}}";
        }
    }
}

/// <summary>What is done to a value before it is put in: <c>{name:hash}</c>.</summary>
public enum TemplateModifier
{
    /// <summary>Put in as it is.</summary>
    None = 0,

    /// <summary>The first 32 hex digits of its SHA-256: names a folder for text that is no file name.</summary>
    Hash = 1,

    /// <summary>A list's items in ordinal order, so that the same selection gives the same text.</summary>
    Sorted = 2,

    /// <summary>What a doer printed, read as JSON: the whole, or with <c>{name:json.member}</c> one member of an object.</summary>
    Json = 3,
}
