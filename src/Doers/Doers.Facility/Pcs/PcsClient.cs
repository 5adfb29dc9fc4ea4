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

    /// <summary>The task of that name. One that no path can name (a slash is a separator there) is looked for in the list.</summary>
    public async Task<PcsTask> TaskAsync(string task, CancellationToken limit, CancellationToken stop)
    {
        const int notFound = 404;
        if (task.Split('/').Any(static part => part is "" or "."))
        {
            return await ListedAsync(task, limit, stop) ?? throw new PcsException($"PCS task: {task} is not in the list", notFound, isPassing: false);
        }

        try
        {
            var found = await GetAsync("task", PathOf(task) + "/", JsonValueKind.Object, limit, stop);
            return PcsTask.Of(found);
        }
        catch (PcsException e) when (e.Status == notFound && task.Contains('/', StringComparison.Ordinal))
        {
            var listed = await ListedAsync(task, limit, stop);
            return listed ?? throw new PcsException(e.Message, notFound, isPassing: false, e);
        }
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

    private async Task<PcsTask?> ListedAsync(string task, CancellationToken limit, CancellationToken stop)
    {
        var all = await GetAsync("list", "", JsonValueKind.Array, limit, stop);
        return all.EnumerateArray().Where(static row => row.ValueKind == JsonValueKind.Object).Select(PcsTask.Of).FirstOrDefault(t => t.IsNamed(task));
    }

    private Task<JsonElement> GetAsync(string name, string path, JsonValueKind kind, CancellationToken limit, CancellationToken stop) =>
        _call.RunAsync(
            name,
            options.ReadRetries,
            async token =>
            {
                using var request = Request(HttpMethod.Get, path);
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                await PcsAnswer.ThrowUnlessOkAsync(name, response, time, token);
                return await PcsAnswer.JsonAsync(name, response, kind, options.LargestAnswer, token);
            },
            limit,
            stop);

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
