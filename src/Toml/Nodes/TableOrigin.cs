namespace OpsAgent.Toml;

/// <summary>What wrote a table first. TOML lets each be added to in its own way only.</summary>
internal enum TableOrigin
{
    /// <summary>Only the path of a longer header names it: a header of its own may follow.</summary>
    Implied,

    /// <summary>It has its own header, or is the document's root: only sub-tables may follow elsewhere.</summary>
    Header,

    /// <summary>Dotted keys made it: more of them may follow in the same section, and headers of sub-tables.</summary>
    DottedKey,

    /// <summary>Written whole in braces: nothing may be added.</summary>
    Inline,
}
