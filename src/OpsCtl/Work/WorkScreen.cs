using System.Text.Json;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Work;

/// <summary>How requests are shown. In JSON, <c>source</c> says whether an agent or the ledger file told it.</summary>
internal static class WorkScreen
{
    private static readonly Column[] Columns =
        [new("REQUEST"), new("TYPE"), new("STATE"), new("OUTCOME"), new("AGE", IsFigure: true), new("BY"), new("REASON")];

    public static void Show(Screen screen, string source, IReadOnlyList<WorkItem> items, DateTimeOffset now)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                Begin(writer, source);
                writer.WriteStartArray("work");
                foreach (var item in items)
                {
                    JsonSerializer.Serialize(writer, item, DoorShapesJson.Default.WorkItem);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
            return;
        }

        screen.Table(Columns, [.. items.Select(i => Row(i, now))]);
        if (items.Count == 0)
        {
            screen.Note("no such requests");
        }
    }

    public static void Show(Screen screen, string source, WorkItem item)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                Begin(writer, source);
                writer.WritePropertyName("request");
                JsonSerializer.Serialize(writer, item, DoorShapesJson.Default.WorkItem);
                writer.WriteEndObject();
            });
            return;
        }

        // The same members as in JSON, in the same order: one list to keep, and nothing is forgotten.
        var members = JsonSerializer.SerializeToElement(item, DoorShapesJson.Default.WorkItem);
        screen.Facts([.. members.EnumerateObject().Where(m => m.Value.ToString().Length > 0).Select(m => (m.Name, Fact(item, m)))]);
    }

    public static void Show(Screen screen, string source, WorkWhy why)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                Begin(writer, source);
                writer.WritePropertyName("why");
                JsonSerializer.Serialize(writer, why, DoorShapesJson.Default.WorkWhy);
                writer.WriteEndObject();
            });
            return;
        }

        screen.Line($"{why.MsgType} {why.RequestId}: ", new Piece(why.Cause, Tone.Strong));
        foreach (var evidence in why.Evidence)
        {
            screen.Line($"  {evidence}");
        }
    }

    public static void Show(Screen screen, ChangeResult result)
    {
        if (screen.Json)
        {
            screen.Document(writer => JsonSerializer.Serialize(writer, result, DoorShapesJson.Default.ChangeResult));
        }
        else
        {
            screen.Line($"{result.RequestId}: {result.Answer}");
        }
    }

    public static void Show(Screen screen, RetryResult result)
    {
        if (screen.Json)
        {
            screen.Document(writer => JsonSerializer.Serialize(writer, result, DoorShapesJson.Default.RetryResult));
        }
        else
        {
            screen.Line($"{result.RequestId}: runs {result.RetryOf} again");
        }
    }

    private static void Begin(Utf8JsonWriter writer, string source)
    {
        writer.WriteStartObject();
        writer.WriteString("source", source);
    }

    private static Piece Fact(WorkItem item, JsonProperty member) => new(member.Value.ToString(), member.Name switch
    {
        "state" => Tones.OfWork(item.State),
        "outcome" => Tones.OfOutcome(item.Outcome),
        _ => Tone.Plain,
    });

    private static Piece[] Row(WorkItem item, DateTimeOffset now) =>
    [
        item.RequestId,
        item.MsgType,
        new(item.State, Tones.OfWork(item.State)),
        new(item.Outcome ?? "-", Tones.OfOutcome(item.Outcome)),
        Ages.Of(now - item.ReceivedAt),
        item.RequestedBy ?? "-",
        item.Reason,
    ];
}
