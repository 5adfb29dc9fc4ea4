namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>A data identifier.</summary>
/// <param name="Scope">The scope, for example <c>epic</c>.</param>
/// <param name="Name">The name within it.</param>
public readonly record struct Did(string Scope, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Scope}:{Name}";
}
