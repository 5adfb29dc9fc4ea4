using System.Text.Json;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Capability;

/// <summary>How a pause is shown.</summary>
internal static class PauseScreen
{
    public static void Show(Screen screen, PauseResult result)
    {
        if (screen.Json)
        {
            screen.Document(writer => JsonSerializer.Serialize(writer, result, DoorShapesJson.Default.PauseResult));
            return;
        }

        screen.Line($"{result.Pause.MsgType}: {result.Answer}{(result.Pause.Since is null ? "" : $" ({Text(result.Pause)})")}");
    }

    /// <summary>Who paused it, since when, and why.</summary>
    public static string Text(PauseState pause)
    {
        var since = pause.Since is { } at ? $" since {Ages.At(at)}" : "";
        return $"paused by {pause.By}{since}{(string.IsNullOrEmpty(pause.Reason) ? "" : $": {pause.Reason}")}";
    }
}
