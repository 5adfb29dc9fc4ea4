using System.Text.Json;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Ping;

/// <summary>Shows pings as they come, and the summary. With interval 0 only losses are shown, so that showing measures nothing.</summary>
internal sealed class PingScreen(Screen screen, PingPlan plan, WaitLine waiting)
{
    /// <summary>One is on its way.</summary>
    public void Sent(int number) => waiting.Say($"ping {number}: waiting for the pong");

    public void Each(int number, Pong? pong)
    {
        waiting.Say("");
        if (pong is null)
        {
            Lost(number);
        }
        else if (plan.Interval > TimeSpan.Zero)
        {
            Answered(number, pong.Value);
        }
    }

    public void Summary(PingRun run)
    {
        var figures = Percentiles.Of(run.Samples);
        var answered = run.Sent - run.Lost;
        if (screen.Json)
        {
            screen.Document(writer => WriteSummary(writer, run, answered, figures));
            return;
        }

        screen.Line(new Piece(
            $"{plan.Queue}: {run.Sent} sent, {answered} answered, {run.Lost} lost", run.Lost == 0 && run.Sent > 0 ? Tone.Good : Tone.Bad));
        if (figures is not null)
        {
            screen.Line(
                $"ms: min {figures.Min:0.000}  p50 {figures.P50:0.000}  p95 {figures.P95:0.000}  p99 {figures.P99:0.000}  "
                + $"max {figures.Max:0.000}");
        }
    }

    private void Answered(int number, Pong pong)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("seq", number);
                writer.WriteNumber("ms", Math.Round(pong.Milliseconds, 3));
                writer.WritePropertyName("pong");
                JsonText.WriteRawOr(writer, pong.Body);
                writer.WriteEndObject();
            });
            return;
        }

        screen.Line($"pong {number}: {pong.Milliseconds:0.000} ms{Details(pong.Body)}");
    }

    private void Lost(int number)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("seq", number);
                writer.WriteBoolean("lost", true);
                writer.WriteEndObject();
            });
        }
        else
        {
            screen.Line(new Piece($"ping {number}: no pong within {Ages.Of(plan.Timeout)}", Tone.Bad));
        }
    }

    private void WriteSummary(Utf8JsonWriter writer, PingRun run, int answered, Percentiles? figures)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("summary");
        writer.WriteString("queue", plan.Queue);
        writer.WriteNumber("sent", run.Sent);
        writer.WriteNumber("answered", answered);
        writer.WriteNumber("lost", run.Lost);
        if (figures is not null)
        {
            writer.WriteNumber("min_ms", Math.Round(figures.Min, 3));
            writer.WriteNumber("p50_ms", Math.Round(figures.P50, 3));
            writer.WriteNumber("p95_ms", Math.Round(figures.P95, 3));
            writer.WriteNumber("p99_ms", Math.Round(figures.P99, 3));
            writer.WriteNumber("max_ms", Math.Round(figures.Max, 3));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What the pong says of its agent; an agent of today says only its name and pid.</summary>
    private static string Details(ReadOnlyMemory<byte> body)
    {
        if (JsonText.TryObject(body) is not { } pong)
        {
            return ", from something that answers with no JSON object";
        }

        var agent = $" from {JsonText.Field(pong, "agent") ?? "?"} (pid {JsonText.Field(pong, "pid") ?? "?"})";
        return JsonText.Field(pong, "state") is { } state
            ? $"{agent}, {state}, {JsonText.Field(pong, "queued") ?? "?"} queued, {JsonText.Field(pong, "running") ?? "?"} running"
            : agent;
    }
}
