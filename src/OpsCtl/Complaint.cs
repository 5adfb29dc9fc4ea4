using System.Text.Json;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl;

/// <summary>What goes wrong, on stderr: a line that says what, a line that says what to do next; or both in one JSON object.</summary>
internal static class Complaint
{
    private const int Indent = 2;

    public static void Tell(Surroundings surroundings, bool json, string message, string advice)
    {
        if (json)
        {
            surroundings.Error.WriteLine(JsonSerializer.Serialize(new DoorError(message, advice), DoorShapesJson.Default.DoorError));
            return;
        }

        var width = surroundings.ErrorIsTerminal ? surroundings.Size().Columns : int.MaxValue;
        string[] lines = [.. WordWrap.Lines($"opsctl: {SafeText.OneLine(message)}", width - Indent)];
        surroundings.Error.WriteLine(Paint.Line([new Piece("opsctl:", Tone.Bad), lines[0]["opsctl:".Length..]], surroundings.ErrorHasColors));
        foreach (var line in lines[1..].Concat(WordWrap.Lines(SafeText.OneLine(advice), width - Indent)))
        {
            surroundings.Error.WriteLine($"  {line}");
        }
    }
}
