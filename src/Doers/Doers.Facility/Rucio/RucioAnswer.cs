using System.Net;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>What a status of Rucio's means for a doer.</summary>
internal static class RucioAnswer
{
    private const string Search = "dids/search";
    private const string StreamType = "application/x-json-stream";
    private const string UnknownDidClass = "DataIdentifierNotFound";

    /// <summary>True if the same call may succeed in a moment.</summary>
    public static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    /// <summary>Throws unless the status is 200; a redirect is never followed, because only Rucio itself may be asked.</summary>
    public static void ThrowUnlessOk(string call, HttpResponseMessage response)
    {
        var status = response.StatusCode;
        if (status == HttpStatusCode.OK)
        {
            if (response.Content.Headers.ContentType?.MediaType is "text/html")
            {
                throw new DoerException(DoerExit.RucioAnswerBad, $"Rucio {call}: answered with HTML: is this its address?");
            }

            // An empty stream says that nothing was found; an empty answer of another kind says nothing, and may be a gateway's.
            if (call == Search && response.Content.Headers is { ContentLength: 0, ContentType.MediaType: not StreamType })
            {
                throw new DoerException(DoerExit.RucioAnswerBad, $"Rucio {call}: answered with nothing at all");
            }

            return;
        }

        var told = Told(response);
        if (IsPassing(status))
        {
            throw new RucioPassingException($"answered {(int)status}{told}", response.Headers.RetryAfter?.Delta);
        }

        if (told.Contains(UnknownDidClass, StringComparison.Ordinal))
        {
            throw new DoerException(DoerExit.UnknownDid, $"Rucio {call}: unknown DID ({(int)status}{told})");
        }

        if ((int)status is >= 300 and < 400)
        {
            throw new DoerException(
                DoerExit.RucioAnswerBad,
                $"Rucio {call}: answered {(int)status}, a redirect to {OneLine.Of(response.Headers.Location?.OriginalString, 200)}; not followed");
        }

        throw new DoerException(
            (int)status < 300 ? DoerExit.RucioAnswerBad : DoerExit.RucioRefused, $"Rucio {call}: answered {(int)status}{told}");
    }

    private static string Told(HttpResponseMessage response)
    {
        var kind = Header(response, "ExceptionClass");
        var message = Header(response, "ExceptionMessage");
        return (kind + " " + message).Trim() is { Length: > 0 } text ? " " + OneLine.Of(text) : "";
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : "";
}
