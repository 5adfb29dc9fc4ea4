using System.Net;
using OpsAgent.Agent.Launching;

namespace OpsAgent.Agent.Monitor;

/// <summary>What came of one call.</summary>
/// <param name="Status">The HTTP status; 0: there was no answer.</param>
/// <param name="Text">The beginning of the answer's body, or why there was no answer.</param>
internal sealed record MonitorReply(int Status, string Text)
{
    /// <summary>The body is a page for people: a login, or a proxy's word, never the monitor's API.</summary>
    public bool IsHtml { get; init; }

    /// <summary>With a redirect: where to.</summary>
    public string Location { get; init; } = "";

    /// <summary>The monitor did it.</summary>
    public bool IsDone => Status is >= 200 and < 300 && !IsHtml;

    /// <summary>The call itself is at fault: it would be refused again.</summary>
    public bool IsRefused => Status is >= 400 and < 500
        and not ((int)HttpStatusCode.NotFound or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests);

    /// <summary>A later try may succeed: no answer, a monitor in trouble, being deployed, or not where the base URL says.</summary>
    public bool MayPass => !IsDone && !IsRefused;

    /// <summary>True for what the monitor answers when it failed at the call.</summary>
    public bool IsServerError => Status >= 500;

    /// <summary>What is wrong, in one bounded line.</summary>
    /// <param name="url">The base URL that was asked below.</param>
    public string Problem(string url) => LogText.CleanReason(this switch
    {
        { IsDone: true } => "",
        { Status: 0 } => $"{url}: {Text}",
        { Status: >= 300 and < 400 } =>
            $"{url} answers {Status} to {Location}: redirects are not followed, so the base URL must be that of the monitor's API",
        { IsHtml: true, Status: < 500 } => $"{url} answers {Status} with a page for people: the base URL must be that of the monitor's API",
        _ => $"{url} answers {Status}: {(IsHtml ? "a page" : Text)}",
    });
}
