namespace OpsAgent.Agent.Hosting;

/// <summary>One setting of the agent: where it can be given, and what is valid.</summary>
/// <param name="Key">Its place in the file, levels joined by a dot: <c>broker.host</c>.</param>
/// <param name="Environment">The environment name that wins over the file; null: none.</param>
/// <param name="Default">The value when nobody gives one, as text; empty may be a value.</param>
/// <param name="Description">What it is, with its unit.</param>
/// <param name="Form">What is valid.</param>
internal sealed record Setting(string Key, string? Environment, string Default, string Description, SettingForm Form)
{
    /// <summary>The table that it is in: <c>broker</c>.</summary>
    public string Table { get; } = Key[..Key.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Its name in that table: <c>host</c>.</summary>
    public string Name { get; } = Key[(Key.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>The same as configuration providers spell it.</summary>
    public string ConfigurationKey { get; } = Key.Replace('.', ':');

    /// <summary>True if an empty environment variable is a value; else it counts as not set.</summary>
    public bool EmptyCounts { get; init; }

    /// <summary>What is in force when nobody gives a value, with its origin; null: <see cref="Default"/>.</summary>
    public Func<IReadOnlyDictionary<string, string>, (string Text, string Origin)>? WhenUnset { get; init; }

    /// <summary>Never printed, and not taken from the command line, which every user of the host can read.</summary>
    public bool Secret { get; init; }
}
