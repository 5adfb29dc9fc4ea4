namespace OpsAgent.Capabilities.Fields;

/// <summary>A field of a capability's message.</summary>
/// <param name="Name">Its name in the message.</param>
/// <param name="Type">Its type and limits.</param>
/// <param name="Required">True if a message without it is refused.</param>
/// <param name="Default">Its value when it is missing; null: none.</param>
public sealed record FieldDefinition(string Name, FieldType Type, bool Required, FieldValue? Default)
{
    /// <summary>True if a valid message always gives it a value.</summary>
    public bool IsAlwaysPresent => Required || Default is not null || Type is FlagType;
}
