using System.Text.Json;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Top;

/// <summary>
/// One picture: facts, lanes, and the requests that somebody may ask about. Short facts first, since a screen may be low.
/// </summary>
internal static class TopScreen
{
    private static readonly Column[] RunningColumns =
        [new("RUNS"), new("TYPE"), new("LANE"), new("FOR", IsFigure: true), new("TRY", IsFigure: true), new("PID", IsFigure: true), new("BY")];

    private static readonly Column[] DoubtColumns = [new("IN DOUBT"), new("TYPE"), new("AGE", IsFigure: true), new("KEY"), new("REASON")];

    public static void Show(Screen screen, TopPicture picture, DateTimeOffset now)
    {
        if (screen.Json)
        {
            screen.Document(writer => JsonSerializer.Serialize(writer, picture, DoorShapesJson.Default.TopPicture));
            return;
        }

        StatusScreen.ShowShort(screen, picture.Status);
        Rows(screen, RunningColumns, [.. picture.Running.Select(r => Running(r, now))], "running");
        Rows(screen, DoubtColumns, [.. picture.Doubt.Select(r => Doubt(r, now))], "doubt");
    }

    /// <summary>A table on a terminal; in a pipe each row begins with what it is.</summary>
    private static void Rows(Screen screen, Column[] columns, IReadOnlyList<IReadOnlyList<Piece>> rows, string kind)
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (!screen.IsTerminal)
        {
            screen.Table(columns, [.. rows.Select(row => (IReadOnlyList<Piece>)[kind, .. row])]);
            return;
        }

        screen.Line("");
        screen.Table(columns, rows);
    }

    private static Piece[] Running(WorkItem item, DateTimeOffset now) =>
    [
        item.RequestId,
        item.MsgType,
        item.Lane,
        new(item.StartedAt is { } at ? Ages.Of(now - at) : "-", Tone.Active),
        $"{item.Attempts}",
        item.Pid is { } pid ? $"{pid}" : "-",
        item.RequestedBy ?? "-",
    ];

    private static Piece[] Doubt(WorkItem item, DateTimeOffset now) =>
    [
        new(item.RequestId, Tone.Warning), item.MsgType, Ages.Of(now - item.ReceivedAt), item.DedupKey ?? "-", item.Reason,
    ];
}
