using System.Text.RegularExpressions;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>Which task owns a DID: the one whose dataset row is kept for it. Others only refer to it.</summary>
internal static partial class Ownership
{
    /// <summary>The owner of each DID that a row is kept for; rows of no task own nothing.</summary>
    public static IReadOnlyDictionary<string, TaskRow> Of(IEnumerable<DatasetRow> rows, IReadOnlyCollection<TaskRow> tasks)
    {
        var bound = BestBy(tasks.Where(t => t.Dataset is not null), static t => t.Dataset!.Id);
        var named = BestBy(
            tasks.SelectMany(static t => Names(t).Select(name => (Name: name, Task: t))), static n => n.Name, static n => n.Task);
        var owners = new Dictionary<string, (TaskRow Task, (bool Past, bool OtherStage) Rank)>(StringComparer.Ordinal);
        foreach (var row in rows.OrderBy(static r => r.Id))
        {
            if (row.Location.Length == 0 || (bound.GetValueOrDefault(row.Id) ?? named.GetValueOrDefault(row.ComposedName)) is not { } task)
            {
                continue;
            }

            var rank = (task.IsPast, !IsOfStage(row));
            if (!owners.TryGetValue(row.Location, out var holder) || rank.CompareTo(holder.Rank) < 0)
            {
                owners[row.Location] = (task, rank);
            }
        }

        return owners.ToDictionary(static o => o.Key, static o => o.Value.Task, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Names(TaskRow task) =>
        ((string[])[task.ComposedName, task.Dataset?.ComposedName ?? ""]).Where(static n => n.Length > 0).Distinct();

    private static Dictionary<TKey, TaskRow> BestBy<TKey>(IEnumerable<TaskRow> tasks, Func<TaskRow, TKey> key)
        where TKey : notnull => BestBy(tasks, key, static t => t);

    // A working task before one that only keeps a past output, then the oldest.
    private static Dictionary<TKey, TaskRow> BestBy<T, TKey>(IEnumerable<T> all, Func<T, TKey> key, Func<T, TaskRow> task)
        where TKey : notnull =>
        all.GroupBy(key, task).ToDictionary(static g => g.Key, static g => g.MinBy(static t => (t.IsPast, t.Id))!);

    private static bool IsOfStage(DatasetRow row) =>
        row.Stage.Equals(Stage().Match(row.Location).Groups[1].Value, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A[^:]*:/([A-Za-z]+)/", RegexOptions.CultureInvariant)]
    private static partial Regex Stage();
}
