using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.SubmitTask.Command;

/// <summary>A command that may be run: <c>prun</c> with options of the allow-list, and nothing else.</summary>
internal sealed class PrunLine
{
    private const string Program = "prun";

    private PrunLine(IReadOnlyList<string> arguments, string? outDs)
    {
        Arguments = arguments;
        OutDs = outDs;
    }

    /// <summary>The words, <c>prun</c> the first.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>The value of <c>--outDS</c>, which is PanDA's name of the task; null without.</summary>
    public string? OutDs { get; }

    /// <summary>Reads and checks; <see cref="CommandRefusedException"/>.</summary>
    public static PrunLine Read(string text, PrunOptions options)
    {
        var words = CommandText.Split(text);
        if (words.Count == 0)
        {
            throw new CommandRefusedException("the text is empty", 1, 1);
        }

        if (words[0].Text != Program)
        {
            throw words[0].Refused($"the first word is '{OneLine.Of(words[0].Text, 40)}', not prun");
        }

        string? outDs = null;
        for (var i = 1; i < words.Count; i++)
        {
            var word = words[i];
            var (name, value) = Cut(word.Text);
            if (name == "--outDS")
            {
                outDs = value ?? ValueAfter(words, i, options);
            }

            i += WordsOfValue(words, i, name, value, options);
        }

        return new PrunLine([.. words.Select(w => w.Text)], outDs);
    }

    /// <summary>How many of the next words are the option's value: 0 or 1.</summary>
    private static int WordsOfValue(IReadOnlyList<CommandWord> words, int at, string name, string? value, PrunOptions options)
    {
        var word = words[at];
        if (!name.StartsWith('-'))
        {
            throw word.Refused($"'{OneLine.Of(name, 40)}' belongs to no option");
        }

        switch (options.TakesValue(name))
        {
            case null:
                throw word.Refused($"option '{OneLine.Of(name, 40)}' is not allowed");
            case false when value is not null:
                throw word.Refused($"option {name} takes no value");
            case true when value is null:
                _ = ValueAfter(words, at, options);
                return 1;
            default:
                return 0;
        }
    }

    private static string ValueAfter(IReadOnlyList<CommandWord> words, int at, PrunOptions options)
    {
        var name = words[at].Text;
        if (at + 1 == words.Count || options.TakesValue(Cut(words[at + 1].Text).Name) is not null)
        {
            throw words[at].Refused($"option {name} has no value");
        }

        var value = words[at + 1];
        return value.Text.StartsWith('-')
            ? throw value.Refused($"the value of {name} begins with '-': write {name}=VALUE")
            : value.Text;
    }

    private static (string Name, string? Value) Cut(string word)
    {
        var sign = word.IndexOf('=', StringComparison.Ordinal);
        return sign < 0 || !word.StartsWith('-') ? (word, null) : (word[..sign], word[(sign + 1)..]);
    }
}
