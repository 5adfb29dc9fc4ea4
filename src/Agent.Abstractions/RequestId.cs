namespace OpsAgent.Abstractions;

/// <summary>Names one request: the caller's <c>request_id</c>, or one of ours. At most 64 of <c>A-Z a-z 0-9 . _ : -</c>, not <c>.</c> or <c>..</c>.</summary>
public readonly record struct RequestId(string Value)
{
    /// <summary>The longest id that a caller may give, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>An id that nobody has used before: sortable by the time of its making.</summary>
    public static RequestId New() => new(Guid.CreateVersion7().ToString("N"));

    /// <summary>True if <paramref name="text"/> is a well-formed request id.</summary>
    public static bool TryParse(string? text, out RequestId id)
    {
        id = new RequestId(text ?? "");
        // A lone . or .. is a step of a path, not a name in one: folders, the door's addresses and log files are named by ids.
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || text is "." or "..")
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or ':' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
