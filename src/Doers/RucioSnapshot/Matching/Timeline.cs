using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>How a campaign's datasets, files and bytes grew, in bins of twelve hours.</summary>
internal static class Timeline
{
    private const int BinHours = 12;
    private static readonly (string Stage, string Key)[] Sums = [("FULL", "simu"), ("RECO", "reco")];

    /// <summary>
    /// <c>{dates, bin_hours, simu, reco}</c>. The axis goes from the first arrival to the last or <paramref name="now"/>, also for
    /// stages that are not summed up.
    /// </summary>
    public static JsonObject Of(IEnumerable<Dataset> datasets, DateTimeOffset now)
    {
        List<(string Stage, DateTime Bin, long Files, long Bytes)> arrivals = [];
        foreach (var dataset in datasets)
        {
            if (Arrival(dataset) is { } arrival)
            {
                arrivals.Add((
                    dataset.Stage,
                    Floor(arrival),
                    dataset.Replicas.Max(static r => Dataset.Number(r, "length")),
                    dataset.Replicas.Max(static r => Dataset.Number(r, "bytes"))));
            }
        }

        var bins = Axis(arrivals.ConvertAll(static a => a.Bin), Floor(now.UtcDateTime));
        var timeline = new JsonObject
        {
            ["dates"] = new JsonArray([.. bins.Select(static b => (JsonNode?)b.ToString("s", CultureInfo.InvariantCulture))]),
            ["bin_hours"] = BinHours,
        };
        foreach (var (stage, key) in Sums)
        {
            timeline[key] = bins.Count == 0
                ? new JsonObject()
                : Cumulated(bins, arrivals.FindAll(a => a.Stage == stage).ConvertAll(static a => (a.Bin, a.Files, a.Bytes)));
        }

        return timeline;
    }

    private static JsonObject Cumulated(List<DateTime> bins, List<(DateTime Bin, long Files, long Bytes)> arrivals)
    {
        var counts = new long[bins.Count];
        var files = new long[bins.Count];
        var bytes = new long[bins.Count];
        foreach (var arrival in arrivals)
        {
            var at = (int)((arrival.Bin - bins[0]).TotalHours / BinHours);
            counts[at]++;
            files[at] += arrival.Files;
            bytes[at] += arrival.Bytes;
        }

        return new JsonObject { ["cum_datasets"] = Sum(counts), ["cum_files"] = Sum(files), ["cum_bytes"] = Sum(bytes) };
    }

    private static JsonArray Sum(long[] bins)
    {
        var sum = 0L;
        return [.. bins.Select(b => (JsonNode?)(sum += b))];
    }

    private static List<DateTime> Axis(List<DateTime> arrivals, DateTime now)
    {
        List<DateTime> bins = [];
        if (arrivals.Count > 0)
        {
            var last = arrivals.Append(now).Max();
            for (var bin = arrivals.Min(); bin <= last; bin = bin.AddHours(BinHours))
            {
                bins.Add(bin);
            }
        }

        return bins;
    }

    private static DateTime Floor(DateTime time) => time.Date.AddHours(time.Hour / BinHours * BinHours);

    /// <summary>The earliest time that a replica was made; null if none says so in a form that can be read.</summary>
    private static DateTime? Arrival(Dataset dataset)
    {
        DateTime? first = null;
        foreach (var replica in dataset.Replicas)
        {
            if (MailDate.Parse(Dataset.Text(replica, "created_at")) is { } made && !(first <= made))
            {
                first = made;
            }
        }

        return first;
    }
}
