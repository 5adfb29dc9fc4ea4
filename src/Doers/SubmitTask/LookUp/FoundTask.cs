namespace OpsAgent.Doers.SubmitTask.LookUp;

/// <summary>A task that PanDA's book-keeping has under the name.</summary>
/// <param name="JediTaskId">Its id.</param>
/// <param name="Name">Its name, which may end with a slash.</param>
/// <param name="Created">When, UTC; null if that is not told.</param>
internal sealed record FoundTask(string JediTaskId, string Name, DateTimeOffset? Created);
