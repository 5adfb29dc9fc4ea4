using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads <c>failure_marker</c>: a path beneath <c>{tmp}</c> that no message can lead elsewhere.</summary>
internal static class MarkerReader
{
    private const string Root = "{" + BuiltInVariables.Tmp + "}/";
    private static readonly TemplateKey Key = CapabilityKeys.FailureMarker;

    public static MarkerPath? Read(TableReader table, TemplateReader templates)
    {
        if (table.Text(Key) is not { } source)
        {
            return null;
        }

        var node = (TomlString)table.Find(Key)!;
        if (templates.Read(table, Key, node, [BuiltInVariables.Tmp]) is not { } whole)
        {
            return null;
        }

        if (!source.StartsWith(Root, StringComparison.Ordinal)
            || !Template.TryParse(source[Root.Length..], out var relative, out _))
        {
            table.Report(Key, $"must begin with {Root}: markers are written beneath SWF_TMP_DIR only");
            return null;
        }

        if (relative.Source.Contains('\0', StringComparison.Ordinal)
            || relative.Source.Split('/').Any(static s => s is "" or "." or ".."))
        {
            table.Report(Key, "must be a plain path: no empty part, no '.' and no '..'");
            return null;
        }

        var problems = relative.Variables.Select(v => ProblemOf(v, templates.Fields)).OfType<string>().ToList();
        problems.ForEach(p => table.Report(Key, p));
        return problems.Count == 0 ? new MarkerPath(whole.Source, relative) : null;
    }

    private static string? ProblemOf(TemplatePart.Variable variable, FieldScope fields)
    {
        if (variable.Name == BuiltInVariables.Tmp)
        {
            return "{tmp} stands at the beginning only";
        }

        return fields.Find(variable.Name) switch
        {
            { IsAlwaysPresent: false } => $"{variable} may be missing: a path needs a required field",
            { Type.IsPathSegment: false } field when variable.Modifier != TemplateModifier.Hash =>
                $"{variable} of type {field.Type} is no safe path segment: write {{{variable.Name}:hash}}",
            _ => null,
        };
    }
}
