namespace OpsAgent.OpsCtl.Completion;

/// <summary>What may stand at the cursor.</summary>
internal sealed record Answer(AnswerKind Kind, IReadOnlyList<Suggestion> Suggestions)
{
    public static Answer Nothing { get; } = new(AnswerKind.Words, []);

    public static Answer Words(IEnumerable<Suggestion> suggestions) => new(AnswerKind.Words, [.. suggestions]);
}

/// <summary>Who knows the words. The shell itself completes paths, with its own quoting.</summary>
internal enum AnswerKind
{
    Words = 0,
    Files = 1,
    Folders = 2,
}
