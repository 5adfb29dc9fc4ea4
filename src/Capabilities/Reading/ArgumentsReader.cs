using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>
/// Reads the doer's command line, and sees to it that nothing of a message can become an option: an argument that begins
/// with a message's text takes only types that can't look like one.
/// </summary>
internal sealed class ArgumentsReader(TableReader table, TemplateReader templates)
{
    /// <summary>The command; what is wrong with it is reported, and left out of it.</summary>
    public CommandDefinition Read()
    {
        var doer = table.Texts(CapabilityKeys.Doer);
        if (doer.Count == 0)
        {
            table.Report(CapabilityKeys.Doer, "must be an array: the doer's name or absolute path, then its arguments");
        }

        var flags = table.Table(CapabilityKeys.Flags);
        var optional = table.Table(CapabilityKeys.Optional);
        return new CommandDefinition
        {
            Program = doer.Count > 0 ? ReadProgram(doer[0]) ?? "" : "",
            Arguments = [.. doer.Skip(1).Select(ReadArgument).OfType<Template>()],
            Flags = flags is null ? [] : [.. flags.Keys.Select(name => ReadFlag(flags, name)).OfType<FlagArgument>()],
            Optional = optional is null ? [] : [.. optional.Keys.Select(name => ReadOptional(optional, name)).OfType<OptionalArgument>()],
        };
    }

    /// <summary>A name below the doers folder, or an absolute path.</summary>
    internal static bool IsProgram(string text)
    {
        var parts = text.Split('/');
        return !ScalarText.HasControls(text)
            && (parts.Length == 1
                ? NameForms.IsPlain(text, 255)
                : parts[0].Length == 0 && parts.Skip(1).All(static p => p is not ("" or "." or "..")));
    }

    private string? ReadProgram(TomlString node)
    {
        if (IsProgram(node.Value))
        {
            return node.Value;
        }

        table.Report(node, CapabilityKeys.Doer, "the first is the doer's name below the doers folder, or an absolute path: no variables");
        return null;
    }

    private Template? ReadArgument(TomlString node)
    {
        var template = templates.Read(table, CapabilityKeys.Doer, node, BuiltInVariables.OfRequests);
        if (template is null || !IsSafe(table, CapabilityKeys.Doer, node, template))
        {
            return null;
        }

        var missing = template.Variables.FirstOrDefault(v => templates.Fields.Find(v.Name) is { IsAlwaysPresent: false });
        if (missing is not null)
        {
            table.Report(
                node, CapabilityKeys.Doer, $"{missing} may be missing: require it, give it a default or put the argument under optional");
        }

        return missing is null ? template : null;
    }

    private FlagArgument? ReadFlag(TableReader flags, string name)
    {
        var argument = flags.Text(name);
        if (!templates.Fields.Contains(name))
        {
            flags.ReportKey(name, $"there is no such field{Spelling.Hint(name, templates.Fields.Names)}");
            return null;
        }

        if (templates.Fields.Find(name) is { Type: not FlagType })
        {
            flags.ReportKey(name, "is no flag: put its argument under optional");
            return null;
        }

        if (argument is not null && (argument.ContainsAny(['{', '}']) || ScalarText.HasControls(argument)))
        {
            flags.Report(name, "is a fixed argument: it can hold no variable and no control character");
            return null;
        }

        return argument is null ? null : new FlagArgument(name, argument);
    }

    private OptionalArgument? ReadOptional(TableReader optional, string name)
    {
        var template = templates.Read(optional, name, BuiltInVariables.OfRequests);
        if (!templates.Fields.Contains(name))
        {
            optional.ReportKey(name, $"there is no such field{Spelling.Hint(name, templates.Fields.Names)}");
            return null;
        }

        if (templates.Fields.Find(name) is { Type: FlagType })
        {
            optional.ReportKey(name, "is a flag: put its argument under flags");
            return null;
        }

        if (template is null || !IsSafe(optional, name, (TomlString)optional.Find(name)!, template))
        {
            return null;
        }

        var missing = template.Variables.FirstOrDefault(
            v => v.Name != name && templates.Fields.Find(v.Name) is { IsAlwaysPresent: false });
        if (missing is not null)
        {
            optional.Report(name, $"{missing} may be missing although {name} is there");
        }

        return missing is null ? new OptionalArgument(name, template) : null;
    }

    private bool IsSafe(TableReader place, string key, TomlString node, Template template)
    {
        if (template.Parts.OfType<TemplatePart.Literal>().Any(static l => l.Text.Contains('\0', StringComparison.Ordinal)))
        {
            place.Report(node, key, "can't hold a NUL: no argument can");
            return false;
        }

        if (template.Variables.Count == 0)
        {
            return true;
        }

        var first = template.Variables[0];
        if (template.Prefix.Length == 0)
        {
            if (first.Modifier == TemplateModifier.Hash
                || templates.Fields.Find(first.Name) is not { Type.MayBeginArgument: false } field)
            {
                return true;
            }

            place.Report(node, key, $"{first} of type {field.Type} could become an option: put it as --{first.Name}={first}");
            return false;
        }

        if (template.Prefix[0] == '-' && !template.Prefix.Contains('=', StringComparison.Ordinal))
        {
            place.Report(node, key, $"a message would name the option: put a '=' before {first}");
            return false;
        }

        return true;
    }
}
