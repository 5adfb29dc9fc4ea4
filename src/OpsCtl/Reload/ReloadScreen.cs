using System.Text.Json;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Reload;

/// <summary>What a reload has changed, or why it has changed nothing.</summary>
internal static class ReloadScreen
{
    public static void Show(Screen screen, ReloadResult result)
    {
        if (screen.Json)
        {
            screen.Document(writer => JsonSerializer.Serialize(writer, result, DoorShapesJson.Default.ReloadResult));
            return;
        }

        foreach (var error in result.Errors)
        {
            screen.Line(error);
        }

        if (!result.Reloaded)
        {
            var count = $"{result.Errors.Count} {(result.Errors.Count == 1 ? "mistake" : "mistakes")}";
            screen.Line(new Piece($"{result.File}: not reloaded: {count}; what was in force stays", Tone.Bad));
            return;
        }

        (string Name, Piece Value)[] facts =
        [
            .. Fact("added", result.Added),
            .. Fact("removed", result.Removed),
            .. Fact("changed", result.Changed),
            .. Fact("lanes", [.. result.Lanes.Select(static l => $"{l.Name} {l.From} -> {l.To}")]),
        ];
        screen.Line(new Piece($"{result.File}: reloaded{(facts.Length == 0 ? "; nothing has changed" : "")}", Tone.Good));
        if (facts.Length > 0)
        {
            screen.Facts(facts);
        }

        if (result.NeedRestart.Count > 0)
        {
            screen.Line(new Piece(
                $"not in force before a restart of the agent: {string.Join(", ", result.NeedRestart)}", Tone.Warning));
        }
    }

    private static (string Name, Piece Value)[] Fact(string name, IReadOnlyList<string> values) =>
        values.Count == 0 ? [] : [(name, string.Join(", ", values))];
}
