using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Control;

/// <summary>The output of a request's runs, piece by piece.</summary>
internal sealed class DoorLogs(IWorkView work, RunLogFolder logs) : IDoorPart
{
    private const int MaxPiece = 64 * 1024;

    public void Map(IEndpointRouteBuilder routes, DoorGuard guard) => routes.MapGet("/v1/work/{id}/logs", guard.Around(ReadAsync));

    private async Task<DoorReply> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!RequestId.TryParse(context.GetRouteValue("id") as string, out var id))
        {
            return DoorReply.Bad("that is no request id", $"an id is at most {RequestId.MaxLength} of A-Z a-z 0-9 . _ : -, not . or ..");
        }

        if (!TryNumber(context, "offset", out var offset) || !TryNumber(context, "attempt", out var wanted) || wanted > int.MaxValue)
        {
            return DoorReply.Bad("attempt and offset are whole numbers from 0", "leave them out to begin at the beginning");
        }

        // The state first: what is written after it was read is found at the next look.
        var row = await work.FindAsync(id, cancellationToken);
        return await Task.Run(() => Read(id, row, (int)wanted, offset), cancellationToken);
    }

    private DoorReply Read(RequestId id, WorkRow? row, int wanted, long offset)
    {
        var attempts = row is null ? logs.Attempts(id) : logs.Attempts(id, row.Attempts);
        if (row is null && attempts.Count == 0)
        {
            return DoorReply.Error(
                StatusCodes.Status404NotFound,
                $"neither the ledger nor the folder of logs has a request {id}",
                "list what there is: opsctl work list; output is kept for a limited time");
        }

        var attempt = wanted > 0 ? wanted : attempts.Count > 0 ? attempts[0] : 0;
        var next = offset;
        var piece = attempt > 0 ? logs.Read(id, attempt, offset, MaxPiece, out next) : default;
        return DoorReply.Ok(
            new LogsAnswer(id.Value, row?.State ?? "", attempts, attempt, Encoding.UTF8.GetString(piece.Span), next),
            DoorJson.Default.LogsAnswer);
    }

    private static bool TryNumber(HttpContext context, string name, out long number)
    {
        number = 0;
        var text = context.Request.Query[name].ToString();
        return text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>GET /v1/work/{id}/logs.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="State">Its state in the ledger; empty if that does not know it any more.</param>
/// <param name="Attempts">Those that something is kept of.</param>
/// <param name="Attempt">The one that this is of; 0 if there is none.</param>
/// <param name="Text">Whole lines, <c>TIME STREAM TEXT</c> each, control characters as they came.</param>
/// <param name="Next">The offset to go on from.</param>
internal sealed record LogsAnswer(string RequestId, string State, IReadOnlyList<int> Attempts, int Attempt, string Text, long Next);
