using System.CommandLine;
using OpsAgent.Capabilities.Reading;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>Options that take one of some words.</summary>
internal static class ChoiceText
{
    public static Option<string?> Option(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name)
        {
            Description = $"{description}: {string.Join(", ", words)}",
            HelpName = "word",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!words.Contains(text))
                {
                    result.AddError(Mistake(name, text, words));
                }

                return text;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>What is said of a word that is none of them.</summary>
    public static string Mistake(string name, string text, IReadOnlyList<string> words) =>
        $"{name}: '{text}' must be {(words.Count > 2 ? "one of " : "")}{string.Join(words.Count > 2 ? ", " : " or ", words)}{Spelling.Hint(text, words)}";
}
