using OpsAgent.Capabilities.Signing;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Signing;

/// <summary>Shows keys by their ids, never what they are.</summary>
internal static class KeysScreen
{
    private static readonly Column[] Columns = [new("ID"), new("AGE", IsFigure: true), new("PROBLEM")];

    public static void Made(Screen screen, string id, string path)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                writer.WriteString("path", path);
                writer.WriteEndObject();
            });
            return;
        }

        screen.Line($"wrote {path}; it may ask for what has senders = [\"key:{id}\"]");
    }

    public static void List(Screen screen, string path, KeyFolder folder, DateTimeOffset now)
    {
        if (!screen.Json)
        {
            screen.Table(Columns, [.. folder.Files.Select(f => (Piece[])[
                SafeText.OneLine(f.Id), f.ChangedAt is { } changed ? Ages.Of(now - changed) : "?",
                f.Problem is { } problem ? new Piece(problem, Tone.Bad) : "none"])]);
            return;
        }

        screen.Document(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("folder", path);
            writer.WriteStartArray("keys");
            foreach (var key in folder.Files)
            {
                writer.WriteStartObject();
                writer.WriteString("id", key.Id);
                if (key.ChangedAt is { } changed)
                {
                    writer.WriteString("changed_at", changed);
                }

                if (key.Problem is { } problem)
                {
                    writer.WriteString("problem", problem);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
