using System.Diagnostics.CodeAnalysis;
using System.Text;
using OpsAgent.Capabilities.Fields;

namespace OpsAgent.Capabilities.Templates;

/// <summary>
/// Text with <c>{name}</c> in it; <c>{{</c> and <c>}}</c> stand for braces. It is parsed once, from the manifest; a value is
/// only ever put in, never parsed.
/// </summary>
public sealed class Template
{
    private Template(string source, IReadOnlyList<TemplatePart> parts)
    {
        Source = source;
        Parts = parts;
        Variables = [.. parts.OfType<TemplatePart.Variable>()];
    }

    /// <summary>As the manifest spells it.</summary>
    public string Source { get; }

    /// <summary>In order; two literals never follow each other.</summary>
    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>The variables among the parts, in order.</summary>
    public IReadOnlyList<TemplatePart.Variable> Variables { get; }

    /// <summary>The variable, if the template is that alone.</summary>
    public TemplatePart.Variable? Single => Parts is [TemplatePart.Variable only] ? only : null;

    /// <summary>The literal text before the first variable.</summary>
    public string Prefix => Parts is [TemplatePart.Literal first, ..] ? first.Text : "";

    /// <inheritdoc/>
    public override string ToString() => Source;

    /// <summary>Parses a template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="template">The template, unless there is a problem.</param>
    /// <param name="problem">What is wrong with it; empty if nothing is.</param>
    public static bool TryParse(string source, [NotNullWhen(true)] out Template? template, out string problem)
    {
        template = null;
        var parser = new TemplateParser(source);
        if (!parser.Run(out problem))
        {
            return false;
        }

        template = new Template(source, parser.Parts);
        return true;
    }

    /// <summary>A template of literal text alone, whatever braces it holds.</summary>
    internal static Template Fixed(string text) => new(text, text.Length > 0 ? [new TemplatePart.Literal(text)] : []);

    /// <summary>True if every field that it names is valid; a name that is no field does not count.</summary>
    internal bool IsRenderable(FieldValues values)
    {
        foreach (var variable in Variables)
        {
            if (values.Declares(variable.Name) && !values.IsValid(variable.Name))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Puts the values in; one that is missing leaves nothing.</summary>
    internal string Render(Func<TemplatePart.Variable, string?> value)
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            text.Append(part is TemplatePart.Variable variable ? value(variable) : ((TemplatePart.Literal)part).Text);
        }

        return text.ToString();
    }
}
