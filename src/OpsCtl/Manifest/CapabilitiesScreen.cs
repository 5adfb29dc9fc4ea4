using System.Text.Json;
using OpsAgent.Capabilities;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Manifest;

/// <summary>How capabilities and the mistakes of a manifest are shown.</summary>
internal static class CapabilitiesScreen
{
    private static readonly Column[] Columns =
        [new("NAME"), new("LANE"), new("TIMEOUT", IsFigure: true), new("RECOVERY"), new("DESCRIPTION")];

    public static void List(Screen screen, IReadOnlyList<CapabilitySummary> all)
    {
        if (!screen.Json)
        {
            screen.Table(Columns, [.. all.Select(c => (Piece[])[c.Name, c.Lane, Ages.Of(c.Timeout), c.Recovery, c.Description])]);
            return;
        }

        screen.Document(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("capabilities");
            foreach (var one in all)
            {
                Write(writer, one);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public static void Show(Screen screen, CapabilitySummary one)
    {
        if (screen.Json)
        {
            screen.Document(writer => Write(writer, one));
            return;
        }

        screen.Facts([
            ("name", one.Name),
            ("description", one.Description),
            ("doer", string.Join(' ', one.Doer)),
            ("lane", one.Lane),
            ("timeout", Ages.Of(one.Timeout)),
            ("max age", one.MaxAge is { } age ? Ages.Of(age) : "none"),
            ("dedup key", one.DedupKey ?? "none"),
            ("recovery", one.Recovery),
            ("senders", $"{(one.Senders is { } senders ? string.Join(", ", senders) : "anybody")}{(one.Signed ? ", signed" : "")}"),
            ("credentials", one.Credentials.Count > 0 ? string.Join(", ", one.Credentials) : "none"),
            .. one.Fields.Select(f => ($"field {f.Name}", FieldText(f))),
            .. one.Events.Select(e => ($"on {e.Key}", (Piece)string.Join(", ", e.Value))),
        ]);
    }

    public static void Check(Screen screen, string path, ManifestReading reading)
    {
        if (screen.Json)
        {
            screen.Document(writer => WriteCheck(writer, path, reading));
            return;
        }

        foreach (var error in reading.Errors)
        {
            screen.Line(error.ToString());
        }

        screen.Line(reading.Manifest is { } manifest
            ? new Piece($"{path}: ok; capabilities: {manifest.Capabilities.Count}, lanes: {manifest.Lanes.Count}", Tone.Good)
            : new Piece($"{path}: {reading.Errors.Count} {(reading.Errors.Count == 1 ? "mistake" : "mistakes")}", Tone.Bad));
    }

    private static Piece FieldText(FieldSummary field) =>
        $"{field.Type}{(field.Required ? ", required" : "")}{(field.Default is { } otherwise ? $", default {otherwise}" : "")}";

    private static void WriteCheck(Utf8JsonWriter writer, string path, ManifestReading reading)
    {
        writer.WriteStartObject();
        writer.WriteString("file", path);
        writer.WriteBoolean("ok", reading.Errors.Count == 0);
        writer.WriteStartArray("errors");
        foreach (var error in reading.Errors)
        {
            writer.WriteStartObject();
            writer.WriteString("file", error.File);
            writer.WriteNumber("line", error.Line);
            writer.WriteNumber("column", error.Column);
            writer.WriteString("path", error.Path);
            writer.WriteString("message", error.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CapabilitySummary one)
    {
        writer.WriteStartObject();
        writer.WriteString("name", one.Name);
        writer.WriteString("description", one.Description);
        writer.WriteString("lane", one.Lane);
        WriteList(writer, "doer", one.Doer);
        writer.WriteNumber("timeout_s", one.Timeout.TotalSeconds);
        if (one.MaxAge is { } age)
        {
            writer.WriteNumber("max_age_s", age.TotalSeconds);
        }

        if (one.DedupKey is { } key)
        {
            writer.WriteString("dedup_key", key);
        }

        writer.WriteString("recovery", one.Recovery);
        if (one.Senders is { } senders)
        {
            WriteList(writer, "senders", senders);
        }

        writer.WriteBoolean("signed", one.Signed);
        WriteList(writer, "credentials", one.Credentials);
        writer.WriteStartArray("fields");
        foreach (var field in one.Fields)
        {
            writer.WriteStartObject();
            writer.WriteString("name", field.Name);
            writer.WriteString("type", field.Type);
            writer.WriteBoolean("required", field.Required);
            if (field.Default is { } otherwise)
            {
                writer.WriteString("default", otherwise);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("events");
        foreach (var (outcome, types) in one.Events)
        {
            WriteList(writer, outcome, types);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
