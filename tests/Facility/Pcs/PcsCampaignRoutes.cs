using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>The calls on campaigns and dataset rows, with and without the application's path before them. All are open to read.</summary>
internal static class PcsCampaignRoutes
{
    public static void Map(WebApplication app, PcsCatalog catalog, PcsCampaignBook book)
    {
        foreach (var root in (string[])["/pcs/api/", PcsCatalog.Prefix + "/pcs/api/"])
        {
            app.MapGet(root + "campaigns/status/", c => PcsCall.AnswerAsync(c, catalog, "campaigns/status", () => StatusAsync(c, book)));
            app.MapGet(root + "v1/campaigns/{name}/catalog/", c => PcsCall.AnswerAsync(c, catalog, "catalog", () => CatalogAsync(c, book)));
            app.MapGet(root + "datasets/", c => PcsCall.AnswerAsync(
                c, catalog, "datasets", () => PcsCall.JsonAsync(c, new JsonArray([.. book.Datasets.Select(static d => d.DeepClone())]))));
        }
    }

    private static Task StatusAsync(HttpContext context, PcsCampaignBook book)
    {
        if (context.Request.Query["targets_only"] == "1")
        {
            var targets = book.Campaigns.Where(static c => c.IsTarget).Select(static c => (JsonNode?)c.Name);
            return PcsCall.JsonAsync(context, new JsonObject { ["targets"] = new JsonArray([.. targets]) });
        }

        var name = context.Request.Query["campaign"].ToString();
        return book.Campaigns.Find(c => c.Name == name) is { } campaign
            ? PcsCall.JsonAsync(context, new JsonObject { ["campaign"] = name, ["lifecycle"] = campaign.Lifecycle, ["window_days"] = 3 })
            : PcsCall.DetailAsync(context, 404, $"Campaign {name} not found");
    }

    private static Task CatalogAsync(HttpContext context, PcsCampaignBook book)
    {
        var name = (string?)context.Request.RouteValues["name"];
        return book.Campaigns.Find(c => c.Name == name) is { } campaign
            ? PcsCall.JsonAsync(context, new JsonObject
            {
                ["campaign"] = name,
                ["samples"] = new JsonArray([.. campaign.Samples.Select(static s => (JsonNode?)new JsonObject
                {
                    ["sample"] = s.Sample,
                    ["detector_version"] = s.DetectorVersion,
                    ["events"] = 1000,
                })]),
            })
            : PcsCall.DetailAsync(context, 404, $"Campaign {name} not found");
    }
}
