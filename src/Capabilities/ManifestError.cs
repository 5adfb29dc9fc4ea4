namespace OpsAgent.Capabilities;

/// <summary>One mistake in a manifest, where it stands.</summary>
/// <param name="File">The file as it was named to the reader.</param>
/// <param name="Line">From 1; 0 if the file as a whole is at fault.</param>
/// <param name="Column">From 1; 0 if the file as a whole is at fault.</param>
/// <param name="Path">The key's path, for example <c>capability.fetch_payload_log.lane</c>; empty for a syntax error.</param>
/// <param name="Message">What is wrong and, where it can be said, what to write instead.</param>
public sealed record ManifestError(string File, int Line, int Column, string Path, string Message)
{
    /// <summary><c>file:line:column: path: message</c>, the form that editors jump to.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        return Path.Length > 0 ? $"{place}: {Path}: {Message}" : $"{place}: {Message}";
    }
}
