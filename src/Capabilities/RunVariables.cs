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

    /// <summary>True if every field that the event names is valid.</summary>
    public bool CanRender(EventDefinition definition)
    {
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

        return !values.Declares(single.Name) && IsNumber(single.Name)
            ? Number(single.Name) is { } number ? JsonValue.Create(number) : null
            : Text(single) is { } text ? JsonValue.Create(text) : null;
    }

    private static bool IsNumber(string name) =>
        name is BuiltInVariables.Attempts or BuiltInVariables.ExitCode
            or BuiltInVariables.TimeoutSeconds or BuiltInVariables.DurationMs;

    private static string LastLine(string output)
    {
        var text = output.AsSpan().TrimEnd();
        return Bounded(text[(text.LastIndexOf('\n') + 1)..].Trim());
    }

    private static string Bounded(ReadOnlySpan<char> text)
    {
        if (text.Length <= MaxOutput)
        {
            return text.ToString();
        }

        var start = text.Length - MaxOutput;
        return text[(char.IsLowSurrogate(text[start]) ? start + 1 : start)..].ToString();
    }

    private string? Text(TemplatePart.Variable variable) =>
        values.Declares(variable.Name) ? values.Text(variable) : FieldValues.Modify(variable, BuiltIn(variable.Name));

    private string? BuiltIn(string name) => name switch
    {
        BuiltInVariables.Reason => facts.Reason,
        BuiltInVariables.Outcome => outcome.ToWire(),
        BuiltInVariables.Stdout => Bounded(facts.Result.Stdout.AsSpan().Trim()),
        BuiltInVariables.LastLine => LastLine(facts.Result.Stdout),
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
