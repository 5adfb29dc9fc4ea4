using System.Text;
using OpsAgent.Agent.Launching;

namespace OpsAgent.Agent.Redaction;

/// <summary>A log entry fit to be shown: no credential in it, nothing that steers a terminal, and no line of it that could be another entry.</summary>
internal static class LoggedText
{
    /// <summary>Before each further line: no entry begins with blanks, nor does the journal take a priority from behind them.</summary>
    private const string Indent = "    ";

    /// <summary>One line; with an exception, a line for each of its own below.</summary>
    public static string Of(string text, Exception? exception, Redactor redactor)
    {
        var line = LogText.Clean(redactor.Text(text));
        if (exception is null)
        {
            return line;
        }

        var all = new StringBuilder(line);
        foreach (var part in redactor.Text(exception.ToString()).Split('\n'))
        {
            all.Append('\n').Append(Indent).Append(LogText.Clean(part.TrimEnd('\r')));
        }

        return all.ToString();
    }
}
