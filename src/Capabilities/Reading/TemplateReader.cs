using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads templates, and refuses names that they can't have.</summary>
internal sealed class TemplateReader(FieldScope fields)
{
    public FieldScope Fields => fields;

    /// <summary>The template of a key; null if it is absent or wrong, which is then reported.</summary>
    /// <param name="table">Where the key is.</param>
    /// <param name="key">Its name.</param>
    /// <param name="builtIns">The variables that it may name beside the fields.</param>
    /// <param name="mayBeEmpty">True if an empty text is a value too.</param>
    public Template? Read(TableReader table, string key, IReadOnlyList<string> builtIns, bool mayBeEmpty = false)
    {
        var node = table.Find(key);
        if (mayBeEmpty && node is TomlString { Value.Length: 0 })
        {
            return Template.Fixed("");
        }

        if (node is null || table.Text(key) is null)
        {
            return null;
        }

        return Read(table, key, (TomlString)node, builtIns);
    }

    /// <summary>The template of a string that is part of a key's value.</summary>
    public Template? Read(TableReader table, string key, TomlString node, IReadOnlyList<string> builtIns)
    {
        if (!Template.TryParse(node.Value, out var template, out var problem))
        {
            table.Report(node, key, problem);
            return null;
        }

        var sound = true;
        foreach (var variable in template.Variables)
        {
            if (ProblemOf(variable, builtIns) is { } wrong)
            {
                table.Report(node, key, wrong);
                sound = false;
            }
        }

        return sound ? template : null;
    }

    private string? ProblemOf(TemplatePart.Variable variable, IReadOnlyList<string> builtIns)
    {
        if (!fields.Contains(variable.Name) && !builtIns.Contains(variable.Name))
        {
            return BuiltInVariables.All.Contains(variable.Name)
                ? $"{{{variable.Name}}} has no value here"
                : $"unknown variable {{{variable.Name}}}{Spelling.Hint(variable.Name, fields.Names.Concat(builtIns))}";
        }

        if (variable.Modifier == TemplateModifier.Json && !BuiltInVariables.OfOutput.Contains(variable.Name))
        {
            return $"{variable}: only what a doer printed can be read as JSON: {string.Join(", ", BuiltInVariables.OfOutput)}";
        }

        return variable.Modifier == TemplateModifier.Sorted && fields.Find(variable.Name) is not { Type: ListType }
            ? $"{variable}: only a list can be sorted"
            : null;
    }
}
