using System.Globalization;
using System.Text.Json.Nodes;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>The values of fields and built-in variables for one ended run.</summary>
internal sealed class RunVariables(FieldValues values, Outcome outcome, RunFacts facts, TimeSpan timeout)
{
    // Events are small: each becomes a database row and goes to every open page.
    private const int MaxOutput = 4096;

    /// <summary>True if the request is what the event is for, and every field that it names is valid.</summary>
    public bool CanRender(EventDefinition definition)
    {
        if (!definition.When.All(condition => condition.Holds(values)))
        {
            return false;
        }

        foreach (var field in definition.Fields)
        {
            if (field.Template?.IsRenderable(values) == false)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A template's text; a missing value leaves nothing.</summary>
    public string ToText(Template template) => template.Render(Text);

    /// <summary>
    /// A number for a template that is one of the agent's own numbers alone, null for one that is a missing value alone,
    /// else text: ids are text on the wire whatever they look like.
    /// </summary>
    public JsonNode? ToJson(Template template)
    {
        if (template.Single is not { } single)
        {
            return JsonValue.Create(ToText(template));
        }

        if (single.Modifier == TemplateModifier.Json)
        {
            return Json(single);
        }

        return !values.Declares(single.Name) && IsNumber(single.Name)
            ? Number(single.Name) is { } number ? JsonValue.Create(number) : null
            : Text(single) is { } text ? JsonValue.Create(text) : null;
    }

    private static bool IsNumber(string name) =>
        name is BuiltInVariables.Attempts or BuiltInVariables.ExitCode
            or BuiltInVariables.TimeoutSeconds or BuiltInVariables.DurationMs;

    private static string Bounded(ReadOnlySpan<char> text)
    {
        if (text.Length <= MaxOutput)
        {
            return text.ToString();
        }

        var start = text.Length - MaxOutput;
        return text[(char.IsLowSurrogate(text[start]) ? start + 1 : start)..].ToString();
    }

    private string? Text(TemplatePart.Variable variable) => variable.Modifier == TemplateModifier.Json
        ? PrintedJson.Text(Json(variable))
        : values.Declares(variable.Name) ? values.Text(variable) : FieldValues.Modify(variable, BuiltIn(variable.Name));

    private JsonNode? Json(TemplatePart.Variable variable) => PrintedJson.Read(Printed(variable.Name), variable.Member);

    private ReadOnlySpan<char> Printed(string name)
    {
        var text = facts.Result.Stdout.AsSpan().Trim();
        return name switch
        {
            BuiltInVariables.FirstLine => text[..(text.IndexOf('\n') is >= 0 and var end ? end : text.Length)].TrimEnd(),
            BuiltInVariables.LastLine => text[(text.LastIndexOf('\n') + 1)..].TrimStart(),
            _ => text,
        };
    }

    private string? BuiltIn(string name) => name switch
    {
        BuiltInVariables.Reason => facts.Reason,
        BuiltInVariables.Outcome => outcome.ToWire(),
        BuiltInVariables.Stdout or BuiltInVariables.FirstLine or BuiltInVariables.LastLine => Bounded(Printed(name)),
        BuiltInVariables.RequestId => facts.RequestId.Value,
        _ => Number(name)?.ToString(CultureInfo.InvariantCulture),
    };

    private long? Number(string name) => name switch
    {
        BuiltInVariables.Attempts => facts.Attempts,
        BuiltInVariables.ExitCode => facts.Result.ExitCode,
        BuiltInVariables.TimeoutSeconds => (long)timeout.TotalSeconds,
        BuiltInVariables.DurationMs => (long)facts.Result.Duration.TotalMilliseconds,
        _ => null,
    };
}
