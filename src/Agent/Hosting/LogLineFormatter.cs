using System.Globalization;
using OpsAgent.Agent.Redaction;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace OpsAgent.Agent.Hosting;

/// <summary>Writes a log event as one line, and its exception as indented lines below, whatever text of others is in them.</summary>
internal sealed class LogLineFormatter(Redactor redactor) : ITextFormatter
{
    // :l keeps strings unquoted.
    private const string Template = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext} {Message:lj}";

    private readonly MessageTemplateTextFormatter _line = new(Template, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _line.Format(logEvent, line);
        output.Write(LoggedText.Of(line.ToString(), logEvent.Exception, redactor));
        output.Write('\n');
    }
}
