using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>A doer and its arguments.</summary>
public sealed record CommandDefinition
{
    /// <summary>A name below the doers folder, or an absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments of every run.</summary>
    public IReadOnlyList<Template> Arguments { get; init; } = [];

    /// <summary>Appended after <see cref="Arguments"/>.</summary>
    public IReadOnlyList<FlagArgument> Flags { get; init; } = [];

    /// <summary>Appended after <see cref="Flags"/>.</summary>
    public IReadOnlyList<OptionalArgument> Optional { get; init; } = [];

    /// <summary>The arguments for one request.</summary>
    internal IReadOnlyList<string> Render(RequestVariables variables)
    {
        var arguments = new List<string>(Arguments.Count);
        foreach (var template in Arguments)
        {
            arguments.Add(template.Render(variables.Text));
        }

        foreach (var flag in Flags)
        {
            if (variables.Values[flag.Field] is { IsTrue: true })
            {
                arguments.Add(flag.Argument);
            }
        }

        foreach (var optional in Optional)
        {
            foreach (var item in variables.Values[optional.Field]?.Items ?? [])
            {
                arguments.Add(optional.Argument.Render(
                    v => v.Name == optional.Field ? FieldValues.Modify(v, item) : variables.Text(v)));
            }
        }

        return arguments;
    }
}
