using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OpsAgent.Tests.Facility.Faults;

namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>Answers of Rucio's that are errors, wanted or as a fault.</summary>
internal static class RucioFaults
{
    /// <summary>An error as Rucio tells it: in two headers and as JSON.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string kind, string message)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["ExceptionClass"] = kind;
        context.Response.Headers["ExceptionMessage"] = message;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            new JsonObject { ["ExceptionClass"] = kind, ["ExceptionMessage"] = message }.ToJsonString(), context.RequestAborted);
    }

    /// <summary>True if the fault has answered.</summary>
    public static async Task<bool> ApplyAsync(HttpContext context, RucioFault fault) =>
        await FaultAnswer.ApplyAsync(
            context, fault, status => ErrorAsync(context, status, fault.ExceptionClass ?? "RucioException", "as the test wants it"))
        || fault.OmitToken;
}
