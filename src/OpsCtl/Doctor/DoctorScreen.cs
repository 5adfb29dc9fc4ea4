using System.Text.Json;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>Findings for people, for pipes and for programs.</summary>
internal static class DoctorScreen
{
    private static readonly Column[] Columns = [new("CHECK"), new("STATE"), new("FOUND"), new("SUGGESTION")];

    public static void Show(Screen screen, IReadOnlyList<Finding> findings, int exitCode)
    {
        if (screen.Json)
        {
            screen.Document(writer => Write(writer, findings, exitCode));
        }
        else if (screen.IsTerminal)
        {
            screen.Facts([.. findings.SelectMany(Facts)]);
        }
        else
        {
            screen.Table(Columns, [.. findings.Select(Row)]);
        }
    }

    private static IReadOnlyList<Piece> Row(Finding finding) =>
        [NameOf(finding), Word(finding.State), finding.Line, finding.Suggestion ?? ""];

    private static IEnumerable<(string Name, Piece Value)> Facts(Finding finding)
    {
        yield return (NameOf(finding), new Piece($"{Word(finding.State)}: {finding.Line}", ToneOf(finding.State)));
        if (finding.Suggestion is { } suggestion)
        {
            yield return ("", new Piece($"-> {suggestion}"));
        }
    }

    private static string NameOf(Finding finding) => $"{finding.Check} {finding.Subject}";

    private static string Word(FindingState state) => state switch
    {
        FindingState.Ok => "ok",
        FindingState.Warning => "warning",
        _ => "failed",
    };

    private static Tone ToneOf(FindingState state) => state switch
    {
        FindingState.Ok => Tone.Good,
        FindingState.Warning => Tone.Warning,
        _ => Tone.Bad,
    };

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<Finding> findings, int exitCode)
    {
        writer.WriteStartObject();
        writer.WriteNumber("exit_code", exitCode);
        writer.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("check", finding.Check);
            writer.WriteString("subject", finding.Subject);
            writer.WriteString("state", Word(finding.State));
            writer.WriteString("line", finding.Line);
            if (finding.Suggestion is { } suggestion)
            {
                writer.WriteString("suggestion", suggestion);
            }

            if (finding.Credential is { } credential)
            {
                Write(writer, credential);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CredentialFacts credential)
    {
        writer.WriteStartObject("credential");
        if (credential.Path is { } path)
        {
            writer.WriteString("path", path);
        }

        writer.WriteString("status", credential.Status);
        if (credential.DaysLeft is { } days)
        {
            writer.WriteNumber("days_left", days);
        }

        writer.WriteEndObject();
    }
}
