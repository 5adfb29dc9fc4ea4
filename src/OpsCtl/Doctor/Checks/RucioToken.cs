using OpsAgent.Doers.Facility;
using OpsAgent.OpsCtl.Doctor.Http;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>What was asked of a Rucio.</summary>
/// <param name="Subject">The finding's.</param>
/// <param name="Url">Its base URL.</param>
/// <param name="Variable">Holds that.</param>
/// <param name="Who">As whom.</param>
/// <param name="IfRefused">What to do then.</param>
internal sealed record RucioQuestion(string Subject, Uri Url, string Variable, string Who, string IfRefused);

/// <summary>What an answer to the call for a token means. The token itself is looked at and dropped.</summary>
internal static class RucioToken
{
    private const string Header = "X-Rucio-Auth-Token";

    public static void Tell(RucioQuestion asked, ServiceAnswer answer, Findings findings)
    {
        var (place, who) = (asked.Url.Authority, OneLine.Of(asked.Who));
        if (answer.IsOk && answer.Headers!.TryGetValues(Header, out var values) && values.Any(static v => v.Length > 0))
        {
            findings.Ok(asked.Subject, $"{place} gives a token to {who}");
        }
        else if (answer.IsOk || answer.IsPage)
        {
            findings.Fail(asked.Subject, $"{place} answered {answer.Status} without a token", $"is {asked.Variable} Rucio's address?");
        }
        else if (answer.IsRefusal)
        {
            findings.Fail(asked.Subject, $"{place} refused ({answer.Status}) {who}", asked.IfRefused);
        }
        else if (answer.Status is >= 300 and < 400)
        {
            findings.Fail(
                asked.Subject, $"{place} answered {answer.Status}, a redirect; not followed", $"is {asked.Variable} Rucio's address?");
        }
        else
        {
            var (line, suggestion) = answer.Trouble(asked.Variable, token: null);
            findings.Fail(asked.Subject, line, suggestion);
        }
    }
}
