using System.Net.Http.Headers;
using System.Text.Json;
using OpsAgent.Doers.Facility;

namespace OpsAgent.OpsCtl.Doctor.Http;

/// <summary>What came of one call of a service: an answer, or why there is none.</summary>
internal sealed record ServiceAnswer
{
    /// <summary>Why no answer came; null if one did.</summary>
    public string? Failure { get; init; }

    /// <summary>What to do about that.</summary>
    public string Advice { get; init; } = "";

    public int Status { get; init; }

    public string? MediaType { get; init; }

    /// <summary>Where a redirect leads, without its query.</summary>
    public string? Location { get; init; }

    public HttpResponseHeaders? Headers { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public bool IsOk => Failure is null && Status is >= 200 and < 300 && !IsPage;

    /// <summary>HTML, which no REST call answers with.</summary>
    public bool IsPage => MediaType is "text/html";

    public bool IsRefusal => Failure is null && Status is 401 or 403;

    /// <summary>The body as JSON; null if it is none.</summary>
    public JsonElement? Json
    {
        get
        {
            try
            {
                using var document = JsonDocument.Parse(Body);
                return JsonStrings.AreText(Body.Span) ? document.RootElement.Clone() : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>Says why it is not what was wanted.</summary>
    /// <param name="variable">Holds the base URL.</param>
    /// <param name="token">Holds the token; null if none was sent.</param>
    public (string Line, string Suggestion) Trouble(string variable, string? token) => this switch
    {
        { Failure: { } failure } => (failure, Advice.Length > 0 ? Advice : $"check {variable}, and that this host may reach it"),
        { Status: >= 300 and < 400 } => (
            $"answered {Status}, a redirect to {OneLine.Of(Location, 100)}; it is the login and not followed",
            token is null
                ? $"{variable} must hold the application's path, like https://HOST/swf-monitor"
                : $"{variable} must hold the application's path, like https://HOST/swf-monitor, and {token} a valid token"),
        { IsPage: true } => (
            $"answered {Status} with HTML", $"is {variable} the right address? It must hold the application's path (/swf-monitor)"),
        { IsRefusal: true } => (
            $"refused ({Status})", token is null ? $"check {variable}" : $"renew the token in {token}: the service does not accept it"),
        { Status: >= 500 } => ($"answered {Status}", "the service itself is at fault: try later, or tell whoever runs it"),
        _ => ($"answered {Status}, which is not what was asked for", $"is {variable} the right address?"),
    };
}
