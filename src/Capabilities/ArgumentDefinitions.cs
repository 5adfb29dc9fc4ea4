using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>A fixed argument that is appended when a flag is true.</summary>
/// <param name="Field">The flag.</param>
/// <param name="Argument">The argument, for example <c>--force</c>.</param>
public sealed record FlagArgument(string Field, string Argument);

/// <summary>An argument that is appended when a field is present; for a list, once for each item.</summary>
/// <param name="Field">The field that decides.</param>
/// <param name="Argument">For example <c>--owner={owner}</c>.</param>
public sealed record OptionalArgument(string Field, Template Argument);
