using System.Globalization;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>The values of fields and built-in variables for one request that is to run.</summary>
internal sealed class RequestVariables(FieldValues values, DateTimeOffset receivedAt)
{
    public FieldValues Values => values;

    public string? Text(TemplatePart.Variable variable) => values.Declares(variable.Name)
        ? values.Text(variable)
        : FieldValues.Modify(variable, variable.Name == BuiltInVariables.ReceivedAt ? Iso() : null);

    private string Iso() => receivedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff+00:00", CultureInfo.InvariantCulture);
}
