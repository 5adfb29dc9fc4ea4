namespace OpsAgent.Capabilities.Keys;

/// <summary>
/// The forms of texts as regular expressions that JavaScript, Rust and Python read alike: no look-around. The reader has its own
/// code for each, with better messages; tests hold the two to the same verdict.
/// </summary>
internal static class Patterns
{
    /// <summary>The name of an environment variable, at most 255 long.</summary>
    public static readonly string Variable = Identifier(255);

    /// <summary>The same, or the beginning of some with a '*' after it.</summary>
    public const string VariablePattern = "^[A-Za-z_][A-Za-z0-9_]{0,254}[*]?$";

    /// <summary>A whole number above 0 and its unit; that it is at most 7 days is the reader's to say.</summary>
    public const string Span = "^0*[1-9][0-9]{0,5}[smhd]$";

    /// <summary>So many, '/', and a span.</summary>
    public const string Rate = "^0*[1-9][0-9]{0,3}/0*[1-9][0-9]{0,5}[smhd]$";

    /// <summary>One line without braces: neither a control character nor a line break.</summary>
    public const string Fixed = @"^[^{}\x00-\x1f\x7f-\x9f\u2028\u2029]+$";

    /// <summary>One line without control characters.</summary>
    public const string Line = @"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$";

    /// <summary>Text with <c>{name}</c>, <c>{name:hash}</c>, <c>{name:sorted}</c> or <c>{name:json.member}</c> in it; <c>{{</c> and <c>}}</c> are braces.</summary>
    public const string Template = $"^{TemplatePart}+$";

    /// <summary>The same, or nothing.</summary>
    public const string TemplateOrEmpty = $"^{TemplatePart}*$";

    /// <summary>
    /// A doer: a file's name, or an absolute path whose parts are neither empty nor <c>.</c> nor <c>..</c>.
    /// </summary>
    public const string Program = $"^({PlainName}|(/{PathPart})+)$";

    /// <summary>An absolute path, or one below the home folder.</summary>
    public const string FilePath = @"^(/|~/)[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$";

    /// <summary>Permissions in octal, none for others.</summary>
    public const string FileMode = "^0?[0-7][0-7]0$";

    /// <summary>0 to 255, also with zeros before it.</summary>
    public const string ExitCode = "^0*([0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])$";

    /// <summary>A user that the broker vouches for, or the id of a key.</summary>
    public const string Sender = $"^(user:[^{Controls}]{{1,200}}|key:[a-z0-9][a-z0-9._-]{{0,63}})$";

    /// <summary>A file's name without a path.</summary>
    public const string PlainFile = $"^{PlainName}$";

    /// <summary>A number of bytes above 0 with its unit.</summary>
    public const string Size = "^0*[1-9][0-9]{0,8}(KiB|MiB|GiB)$";

    /// <summary>An absolute path, or one that begins with <c>{tmp}</c> or <c>{home}</c>; no part is empty, <c>.</c> or <c>..</c>.</summary>
    public const string Place = $@"^((\{{tmp\}}|\{{home\}})(/{PathPart})*|(/{PathPart})+)$";

    private const string TemplatePart = @"([^{}]|\{\{|\}\}|\{[A-Za-z_][A-Za-z0-9_]*(:(hash|sorted|json(\.[A-Za-z_][A-Za-z0-9_]*)?))?\})";
    private const string PlainName = "([A-Za-z0-9_][A-Za-z0-9._-]*|[.][A-Za-z0-9_-][A-Za-z0-9._-]*|[.][.][A-Za-z0-9._-]+)";
    private const string PathPart = $"([^/.{Controls}][^/{Controls}]*|[.][^/.{Controls}][^/{Controls}]*|[.][.][^/{Controls}]+)";
    private const string Controls = @"\x00-\x1f\x7f-\x9f\u2028\u2029";

    /// <summary>A letter or '_', then letters, digits and '_'.</summary>
    public static string Identifier(int longest) => $"^[A-Za-z_][A-Za-z0-9_]{{0,{longest - 1}}}$";

    /// <summary>A template that begins with <c>{root}/</c> and goes on.</summary>
    public static string TemplateBelow(string root) => $@"^\{{{root}\}}/{TemplatePart}+$";
}
