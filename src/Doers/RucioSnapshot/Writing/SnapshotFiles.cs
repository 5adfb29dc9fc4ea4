using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Doers.RucioSnapshot.Matching;
using OpsAgent.Doers.RucioSnapshot.Taking;

namespace OpsAgent.Doers.RucioSnapshot.Writing;

/// <summary>The three files of a campaign.</summary>
internal sealed class SnapshotFiles(SnapshotFolder folder, TimeProvider time)
{
    private const int FlushAt = 1 << 20;

    /// <summary>
    /// Writes <c>current-</c> and <c>timeline-&lt;campaign&gt;.json</c>. A snapshot that failed in part is written only where there is
    /// none yet: it never replaces a good one. False if it was not written.
    /// </summary>
    public bool Write(Snapshot snapshot)
    {
        var current = $"current-{snapshot.Campaign.Name}.json";
        if (snapshot.Failure is not null && folder.Has(current))
        {
            return false;
        }

        folder.Write(current, json => WriteSnapshot(json, snapshot));
        if (snapshot.Failure is null)
        {
            var timeline = Timeline.Of(snapshot.Datasets, time.GetUtcNow());
            timeline["campaign_name"] = snapshot.Campaign.Name;
            timeline["snapshot_fetched_at"] = snapshot.FetchedAt;
            folder.Write($"timeline-{snapshot.Campaign.Name}.json", json => timeline.WriteTo(json));
        }

        return true;
    }

    /// <summary>
    /// Writes <c>match-&lt;campaign&gt;.json</c>: what PCS's REST takes no writes of. A campaign that is not matched has no summary and
    /// no list of unmatched datasets.
    /// </summary>
    public void WriteMatch(Snapshot snapshot, CampaignMatch? match, JsonArray releases) => folder.Write(
        $"match-{snapshot.Campaign.Name}.json",
        json =>
        {
            json.WriteStartObject();
            json.WriteString("campaign_name", snapshot.Campaign.Name);
            json.WriteString("snapshot_fetched_at", snapshot.FetchedAt);
            json.WritePropertyName("summary");
            WriteOrNull(json, match?.Summary);
            json.WritePropertyName("rucio_unmatched");
            if (match is null)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteStartArray();
                foreach (var dataset in match.Unmatched)
                {
                    new OutputEntry(dataset).ToUnmatchedJson().WriteTo(json);
                    FlushIfLong(json);
                }

                json.WriteEndArray();
            }

            json.WritePropertyName("detected_releases");
            releases.WriteTo(json);
            json.WriteEndObject();
        });

    private static void WriteSnapshot(Utf8JsonWriter json, Snapshot snapshot)
    {
        json.WriteStartObject();
        json.WriteString("fetched_at", snapshot.FetchedAt);
        json.WriteString("scope", Snapshot.Scope);
        json.WriteString("campaign_name", snapshot.Campaign.Name);
        json.WriteStartObject("campaigns");
        foreach (var path in snapshot.Paths)
        {
            json.WriteStartObject(path.Path);
            json.WriteNumber("count", path.Datasets.Count);
            json.WriteStartArray("datasets");
            foreach (var dataset in path.Datasets)
            {
                WriteDataset(json, dataset);
                FlushIfLong(json);
            }

            json.WriteEndArray();
            if (path.Failure is { } failure)
            {
                json.WriteString("error", failure.Message);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDataset(Utf8JsonWriter json, Dataset dataset)
    {
        json.WriteStartObject();
        json.WriteString("did", dataset.Did);
        WriteOrNull(json, "length", dataset.Length);
        WriteOrNull(json, "bytes", dataset.Bytes);
        json.WriteStartArray("rse_replicas");
        foreach (var replica in dataset.Replicas)
        {
            replica.WriteTo(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOrNull(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteOrNull(Utf8JsonWriter json, JsonNode? value)
    {
        if (value is null)
        {
            json.WriteNullValue();
        }
        else
        {
            value.WriteTo(json);
        }
    }

    // The writer keeps all in memory until it is told otherwise.
    private static void FlushIfLong(Utf8JsonWriter json)
    {
        if (json.BytesPending > FlushAt)
        {
            json.Flush();
        }
    }
}
