using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>Reads the declared fields of a message.</summary>
internal static class MessageReader
{
    public static FieldReading Read(IReadOnlyList<FieldDefinition> fields, IReadOnlySet<string> declared, JsonElement body)
    {
        var valid = new Dictionary<string, FieldValue?>(StringComparer.Ordinal);
        var errors = new List<FieldError>();
        foreach (var field in fields)
        {
            if (!TryFind(body, field.Name, out var element))
            {
                errors.Add(new FieldError(field.Name, "can't be looked up: the message has a name that is no text"));
            }
            else if (field.Type.IsMissing(element, field.Required))
            {
                if (field.Required)
                {
                    errors.Add(new FieldError(field.Name, "is required"));
                }
                else
                {
                    valid[field.Name] = field.Default;
                }
            }
            else if (field.Type.TryRead(element, out var value, out var problem))
            {
                valid[field.Name] = value;
            }
            else
            {
                errors.Add(new FieldError(field.Name, problem));
            }
        }

        return new FieldReading(new FieldValues(declared, valid), errors);
    }

    private static bool TryFind(JsonElement body, string name, out JsonElement element)
    {
        element = default;
        try
        {
            _ = body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out element);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in some name: legal to the JSON reader, but it can't be compared.
            return false;
        }
    }
}
