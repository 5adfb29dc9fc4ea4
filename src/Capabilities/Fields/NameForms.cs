using System.Buffers;

namespace OpsAgent.Capabilities.Fields;

/// <summary>The alphabets of names.</summary>
internal static class NameForms
{
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> Plain = SearchValues.Create(LettersAndDigits + "._-");
    private static readonly SearchValues<char> Task = SearchValues.Create(LettersAndDigits + "._:+=@/-");

    /// <summary>Letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; not <c>.</c> or <c>..</c>, no option.</summary>
    public static bool IsPlain(string text, int max) =>
        text.Length > 0 && text.Length <= max && text[0] != '-' && text is not ("." or "..")
            && !text.AsSpan().ContainsAnyExcept(Plain);

    /// <summary>A task's name: it may look like a path, so it never is one.</summary>
    public static bool IsTask(string text, int max) =>
        text.Length > 0 && text.Length <= max && text[0] != '-' && !text.AsSpan().ContainsAnyExcept(Task)
            && !text.Split('/').Contains("..");
}
