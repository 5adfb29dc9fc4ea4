using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>The door of the Rucio that holds campaigns' outputs, below a path of its own: a token for the public account.</summary>
internal static class OutputsRucio
{
    /// <summary>Where it stands; part of its base URL.</summary>
    public const string BasePath = "/outputs-rucio";

    public static void Map(WebApplication app, RucioCatalog catalog) => app.MapGet(BasePath + "/auth/userpass", async context =>
    {
        if (catalog.TakeFault("auth/userpass") is { } fault && await RucioFaults.ApplyAsync(context, fault))
        {
            return;
        }

        var headers = context.Request.Headers;
        if (headers["X-Rucio-Account"] != "eicread" || headers["X-Rucio-Username"] != "eicread" || headers["X-Rucio-Password"] != "eicread")
        {
            await RucioFaults.ErrorAsync(context, 401, "CannotAuthenticate", "Cannot authenticate to account with given credentials");
            return;
        }

        headers = context.Response.Headers;
        headers["X-Rucio-Auth-Token"] = $"outputs-{Guid.NewGuid():N}";
        context.Response.ContentType = "application/octet-stream";
    });
}
