using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Children;
using OpsAgent.Doers.Facility.Panda;
using OpsAgent.Doers.Facility.Pcs;

namespace OpsAgent.Doers.SubmitTask.LookUp;

/// <summary>Looks a task up: PCS's own id first, then PanDA's book-keeping by the task's name, over and over for a while.</summary>
/// <param name="scene">The run.</param>
/// <param name="folder">A folder of ours alone.</param>
/// <param name="outDs">PanDA's name of the task; null asks PCS only.</param>
/// <param name="since">When prun was about to start; older tasks of the name are another submission's. Null: any.</param>
internal sealed class TaskLookUp(SubmitScene scene, string folder, string? outDs, DateTimeOffset? since)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    // A PCS that is silent must leave time to ask PanDA.
    private static readonly TimeSpan PcsPatience = TimeSpan.FromSeconds(8);

    private PandaBook? _book;

    /// <summary>Looks until it finds or <paramref name="limit"/> ends, at least once.</summary>
    public async Task<LookUpAnswer> RunAsync(TimeSpan limit, CancellationToken stop)
    {
        using var end = scene.Budget.Limit(limit, stop);
        var pause = TimeSpan.FromSeconds(1);
        while (true)
        {
            var answer = await OnceAsync(end.Token);
            if (answer is LookUpAnswer.Found || end.IsCancellationRequested)
            {
                return answer;
            }

            try
            {
                await Task.Delay(pause, scene.Time, end.Token);
            }
            catch (OperationCanceledException)
            {
                return answer;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<LookUpAnswer> OnceAsync(CancellationToken end)
    {
        using var patience = new CancellationTokenSource(PcsPatience, scene.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, end);
        try
        {
            var task = await scene.Pcs.TaskAsync(scene.Task, either.Token, CancellationToken.None);
            if (task.PandaTaskId is { } recorded && task.IsNamed(scene.Task))
            {
                return new LookUpAnswer.Found(recorded, IsRecorded: true);
            }
        }
        catch (PcsException e)
        {
            scene.Log.Line("look-up: " + OneLine.Of(e.Message));
        }

        return outDs is null ? new LookUpAnswer.Open("PCS has no id for it") : await InBookAsync(outDs, end);
    }

    private async Task<LookUpAnswer> InBookAsync(string name, CancellationToken end)
    {
        IReadOnlyList<FoundTask>? found;
        try
        {
            _book ??= await OpenBookAsync(end);
            found = await _book.FindAsync(name, end);
        }
        catch (Exception e) when (e is DoerException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            scene.Log.Line("look-up: " + OneLine.Of(e.Message));
            found = null;
        }

        var ours = found?.Where(t => t.Created is null || since is null || t.Created > since - ClockSkew).ToList();
        return ours switch
        {
            null => new LookUpAnswer.Open("PanDA could not be asked"),
            [] => new LookUpAnswer.Open($"PanDA does not show {OneLine.Of(name)} yet"),
            [var one] => new LookUpAnswer.Found(one.JediTaskId, IsRecorded: false),
            _ => new LookUpAnswer.Open($"PanDA has several tasks {OneLine.Of(name)}: {string.Join(", ", ours.Select(t => t.JediTaskId))}"),
        };
    }

    private async Task<PandaBook> OpenBookAsync(CancellationToken end)
    {
        var mark = new ProcessMark("OPSAGENT_LOOKUP", Guid.NewGuid().ToString("N"));
        var client = await PandaClient.OpenAsync(scene.Settings.Panda, folder, mark, scene.Time, end);
        return new PandaBook(client, folder, scene.Log, scene.Time);
    }
}
