using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Logs;

/// <summary>How a line of output is shown: cleaned, since a doer may print anything.</summary>
internal sealed class LogsScreen(Screen screen)
{
    private int _attempt;

    /// <summary>True once there was a line.</summary>
    public bool HasShown { get; private set; }

    /// <summary>True if the line shown last is the agent's, that nothing more comes of an attempt.</summary>
    public bool IsAtEnd { get; private set; }

    public void Show(LogPiece piece)
    {
        HasShown |= piece.Text.Length > 0;
        foreach (var line in piece.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', 3);
            var (stream, text) = (parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
            IsAtEnd = (stream, text) is ("agent", "end of output");
            Show(piece.Attempt, parts[0], stream, text);
        }
    }

    private void Show(int attempt, string at, string stream, string text)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("at", at);
                writer.WriteNumber("attempt", attempt);
                writer.WriteString("stream", stream);
                writer.WriteString("line", text);
                writer.WriteEndObject();
            });
            return;
        }

        if (!screen.IsTerminal)
        {
            screen.Table([], [[at, $"{attempt}", stream, text]]);
            return;
        }

        if (attempt != _attempt)
        {
            _attempt = attempt;
            screen.Line(new Piece($"attempt {attempt}", Tone.Strong));
        }

        screen.Line($"{at} ", new Piece($"{stream,-5} ", ToneOf(stream)), text);
    }

    private static Tone ToneOf(string stream) => stream switch
    {
        "err" => Tone.Warning,
        "agent" => Tone.Active,
        _ => Tone.Plain,
    };
}
