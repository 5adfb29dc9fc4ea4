namespace OpsAgent.Doers.Facility;

/// <summary>Reads a doer's settings from environment variables, with messages that name the variable.</summary>
public sealed class DoerEnvironment(Func<string, string?> read)
{
    /// <summary>The process's own environment.</summary>
    public static DoerEnvironment OfProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>The value, or null if it is not set or empty.</summary>
    public string? Value(string name) => read(name) is { Length: > 0 } value ? value : null;

    /// <summary>The value; the default if it is not set; empty if it is set to nothing.</summary>
    public string ValueOrDefault(string name, string otherwise) => read(name) ?? otherwise;

    /// <summary>An absolute path.</summary>
    public string AbsolutePath(string name, string otherwise)
    {
        var path = Value(name) ?? otherwise;
        return Path.IsPathFullyQualified(path)
            ? path
            : throw Wrong(name, $"must be an absolute path, not '{OneLine.Of(path)}'");
    }

    /// <summary>A whole number of seconds, 1 to 86400.</summary>
    public TimeSpan Seconds(string name, int otherwise)
    {
        var text = Value(name);
        if (text is null)
        {
            return TimeSpan.FromSeconds(otherwise);
        }

        return int.TryParse(text, out var seconds) && seconds is >= 1 and <= 86400
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(name, $"must be a whole number of seconds from 1 to 86400, not '{OneLine.Of(text)}'");
    }

    /// <summary>
    /// A service's base URL, as <see cref="HttpsBase"/>; plain http only to this machine, where nobody can listen. Null if it is not
    /// set.
    /// </summary>
    public Uri? ServiceBase(string name) => Value(name) is { } text ? ServiceBase(name, text) : null;

    /// <summary>The same for a text from elsewhere; <paramref name="name"/> is for the message.</summary>
    public static Uri ServiceBase(string name, string text)
    {
        var fits = Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
        return fits ? url! : throw Wrong(name, $"must be an https URL (http only on this machine), not '{OneLine.Of(text)}'");
    }

    /// <summary>An https URL without query, fragment or user, its trailing slash removed.</summary>
    public Uri HttpsBase(string name, string otherwise)
    {
        var text = Value(name) ?? otherwise;
        var fits = Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
            && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
        return fits ? url! : throw Wrong(name, $"must be an https URL, not '{OneLine.Of(text)}'");
    }

    private static DoerException Wrong(string name, string what) => new(DoerExit.Configuration, $"{name} {what}");
}
