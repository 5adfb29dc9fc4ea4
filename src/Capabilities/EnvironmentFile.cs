namespace OpsAgent.Capabilities;

/// <summary>
/// The facility's file of settings and credentials, one <c>KEY=VALUE</c> a line. Values are literal: <c>$ &amp; ( )</c>, quotes and
/// backslashes stand for themselves. Only blanks around a line are dropped, as all its readers do. Blank lines and those that begin
/// with <c>#</c> or <c>;</c> say nothing.
/// </summary>
/// <param name="Values">In the file's order; of one name the last counts.</param>
/// <param name="Doubts">Lines that may not mean what they say, each with its place and never with its value.</param>
public sealed record EnvironmentFile(IReadOnlyList<KeyValuePair<string, string>> Values, IReadOnlyList<string> Doubts)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read by this user.</exception>
    public static EnvironmentFile Read(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="path">Named in every doubt.</param>
    public static EnvironmentFile Parse(string text, string path)
    {
        var values = new List<KeyValuePair<string, string>>();
        var doubts = new List<string>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            var at = line.IndexOf('=', StringComparison.Ordinal);
            var name = at < 0 ? "" : line[..at].TrimEnd();
            if (!IsName(name) || line.Contains('\0', StringComparison.Ordinal))
            {
                doubts.Add($"{path}:{number}: no KEY=VALUE; the line is skipped");
                continue;
            }

            var value = line[(at + 1)..];
            if (value.Length > 1 && value[0] is ('"' or '\'') && value[^1] == value[0])
            {
                doubts.Add($"{path}:{number}: {name} is in quotes, which are taken as part of its value");
            }

            values.Add(new(name, value));
        }

        return new EnvironmentFile(values, doubts);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
