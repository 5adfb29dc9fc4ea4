using System.Globalization;
using System.Text.Json;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Children;
using OpsAgent.Doers.Facility.Panda;

namespace OpsAgent.Doers.SubmitTask.LookUp;

/// <summary>Asks the panda client's book-keeping for tasks of a name, by the script that lies beside this program; its answer is put into a folder of ours alone.</summary>
internal sealed class PandaBook(PandaClient client, string folder, DoerLog log, TimeProvider time)
{
    private const string Script = "panda-lookup.py";
    private const long LargestAnswer = 16 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The tasks of that name; null if it could not be asked.</summary>
    public async Task<IReadOnlyList<FoundTask>?> FindAsync(string name, CancellationToken stop)
    {
        var mark = new ProcessMark("OPSAGENT_LOOKUP", Path.GetFileName(folder) + Guid.NewGuid().ToString("N"));
        var (output, errors) = (Path.Combine(folder, "lookup.json"), Path.Combine(folder, "lookup.log"));
        File.Delete(output);
        File.Delete(errors);
        var child = Child.Start(new ChildOrder
        {
            Program = client.Program("python3"),
            Arguments = ["python3", Path.Combine(AppContext.BaseDirectory, Script), name],
            Environment = client.Environment(mark, folder),
            Folder = folder,
            Stdout = output,
            Stderr = errors,
        });
        using var own = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(own.Token, stop);
        var ended = await child.WaitAsync(static () => true, time, both.Token);
        await new MarkedTree(mark, child.Pid).EndAsync(time);
        child.Look();
        if (ended && child.ExitCode == 0 && Read(output, name) is { } found)
        {
            return found;
        }

        log.Line($"look-up: {(ended ? $"ended with {child.ExitCode}" : "did not end in time")}: {LastLine(errors)}");
        return null;
    }

    /// <summary>The last line of what the script printed, and of it the tasks whose whole name it is.</summary>
    internal static IReadOnlyList<FoundTask>? Read(string output, string name)
    {
        if (new FileInfo(output).Length > LargestAnswer || File.ReadLines(output).LastOrDefault() is not { } line)
        {
            return null;
        }

        try
        {
            using var answer = JsonDocument.Parse(line);
            return [.. answer.RootElement.EnumerateArray().Select(Of).OfType<FoundTask>()
                .Where(t => t.Name.TrimEnd('/') == name.TrimEnd('/')).DistinctBy(t => t.JediTaskId)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static string LastLine(string path) => File.Exists(path) ? OneLine.Of(File.ReadLines(path).LastOrDefault(l => l.Length > 0)) : "";

    private static FoundTask? Of(JsonElement row)
    {
        var id = row.GetProperty("id").GetString() ?? "";
        var isTime = DateTimeOffset.TryParse(
            row.GetProperty("created").GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created);
        return ArgumentForms.IsId(id) && long.TryParse(id, out var number) && number > 0
            ? new FoundTask($"{number}", row.GetProperty("name").GetString() ?? "", isTime ? created : null)
            : null;
    }
}
