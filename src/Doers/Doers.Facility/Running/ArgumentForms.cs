using System.Text.RegularExpressions;

namespace OpsAgent.Doers.Facility;

/// <summary>The forms that arguments of doers must have. They come from messages that anybody on the bus may have sent.</summary>
public static partial class ArgumentForms
{
    /// <summary>A PanDA job or JEDI task id: 1 to 19 ASCII digits.</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    /// <summary>A logical file name that is safe as one path component and never reads as an option.</summary>
    public static bool IsFileName(string text) => FileName().IsMatch(text) && text is not ("." or "..");

    /// <summary>
    /// A Rucio scope: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>, beginning with a letter or digit; the manifest's <c>rucio_scope</c> has the
    /// same rule.
    /// </summary>
    public static bool IsScope(string text) => Scope().IsMatch(text);

    /// <summary>A production task's name: 1 to 255 of <c>A-Z a-z 0-9 . _ : + = @ / -</c>, no leading <c>-</c>, no <c>..</c> part.</summary>
    public static bool IsTaskName(string text) => TaskName().IsMatch(text) && !text.Split('/').Contains("..");

    [GeneratedRegex(@"\A[0-9]{1,19}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex(@"\A[A-Za-z0-9._][A-Za-z0-9._-]{0,254}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Scope();

    [GeneratedRegex(@"\A[A-Za-z0-9._:+=@/][A-Za-z0-9._:+=@/-]{0,254}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TaskName();
}
