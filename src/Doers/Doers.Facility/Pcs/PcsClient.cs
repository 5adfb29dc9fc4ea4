using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>The production catalogue's REST, as far as submission needs it. Failures are <see cref="PcsException"/>.</summary>
public sealed class PcsClient(HttpClient http, PcsOptions options, DoerLog log, TimeProvider time)
{
    private const int LargestCommand = 256 << 10;
    private const int RecordTries = 1000; // it ends by its limit

    private readonly PcsCall _call = new(options, log, time);

    /// <summary>The <c>prun</c> text of a task, as PCS composes it.</summary>
    public Task<string> CommandAsync(string task, CancellationToken limit, CancellationToken stop)
    {
        const string name = "command";
        return _call.RunAsync(
            name,
            options.ReadRetries,
            async token =>
            {
                using var request = Request(HttpMethod.Get, $"command/?name={Uri.EscapeDataString(task)}&fmt=panda");
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                await PcsAnswer.ThrowUnlessOkAsync(name, response, time, token);
                return await PcsAnswer.TextAsync(name, response, LargestCommand, token);
            },
            limit,
            stop);
    }

    /// <summary>The task of that name.</summary>
    public Task<PcsTask> TaskAsync(string task, CancellationToken limit, CancellationToken stop)
    {
        const string name = "task";
        return _call.RunAsync(
            name,
            options.ReadRetries,
            async token =>
            {
                using var request = Request(HttpMethod.Get, PathOf(task) + "/");
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                await PcsAnswer.ThrowUnlessOkAsync(name, response, time, token);
                return PcsTask.Of(await PcsAnswer.JsonAsync(name, response, JsonValueKind.Object, options.LargestAnswer, token));
            },
            limit,
            stop);
    }

    /// <summary>
    /// Writes down that the task is this JEDI task, as its owner. PCS takes the same id twice, so it is tried until
    /// <paramref name="limit"/> ends. The answer is the task.
    /// </summary>
    public Task<PcsTask> RecordAsync(string task, string jediTaskId, CancellationToken limit, CancellationToken stop)
    {
        const string name = "record-submission";
        return _call.RunAsync(
            name,
            RecordTries,
            async token =>
            {
                using var request = Request(HttpMethod.Post, $"record-submission/?name={Uri.EscapeDataString(task)}");
                if (options.Owner is { } owner)
                {
                    request.Headers.Add("X-Remote-User", owner);
                }

                var id = long.Parse(jediTaskId, CultureInfo.InvariantCulture);
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"jedi_task_id": {{id}}}"""));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                await PcsAnswer.ThrowUnlessOkAsync(name, response, time, token);
                return PcsTask.Of(await PcsAnswer.JsonAsync(name, response, JsonValueKind.Object, options.LargestAnswer, token));
            },
            limit,
            stop);
    }

    // A web server in front of PCS may refuse an encoded slash, so a name's own slashes stay.
    private static string PathOf(string task) => string.Join('/', task.Split('/').Select(Uri.EscapeDataString));

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri($"{options.Url.AbsoluteUri.TrimEnd('/')}/pcs/api/prod-tasks/{path}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        if (options.Token is { } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Token " + token);
        }

        return request;
    }
}
