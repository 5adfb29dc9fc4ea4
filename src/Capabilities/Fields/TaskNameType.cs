namespace OpsAgent.Capabilities.Fields;

/// <summary>
/// A task's name: 1 to 255 of <c>A-Z a-z 0-9 . _ : + = @ / -</c>, not beginning with <c>-</c>, without a <c>..</c> part. It is
/// no path segment: a folder for it is named by <c>{name:hash}</c>.
/// </summary>
public sealed class TaskNameType : ScalarType
{
    private const int MaxLength = 255;

    /// <inheritdoc/>
    public override string Name => "task_name";

    private protected override string Form =>
        "a task name: 1 to 255 of A-Z a-z 0-9 . _ : + = @ / - not beginning with -, no .. part";

    private protected override bool Accepts(string text) => NameForms.IsTask(text, MaxLength);
}
