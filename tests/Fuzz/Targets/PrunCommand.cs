using System.Text;
using System.Text.RegularExpressions;
using OpsAgent.Doers.SubmitTask.Command;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// The text that the catalogue gives to be run. Against the shell's grammar written down a second time: words are taken exactly
/// where it has plain words only. What was taken is <c>prun</c> with allowed options, and quoted anew it reads as the same.
/// </summary>
internal sealed partial class PrunCommand : ITarget
{
    public const string Title = "prun";

    private static readonly string[] Pieces =
    [
        "prun", " ", " ", "\\\n  ", "--exec", "--outDS", "--outDS=group.EIC.x", "--site=BNL", "--nJobs=1", "--nJobs", "--official", "--noBuild", "\"a $b\"", "'a; id'",
        "'", "\"", "\\", "$", "`id`", ";", "|", "&", ">", "<", "(", "*", "?", "[", "{", "~", "#", "a#", "a~", "\n", "\t", "\r", "=", "--", "-x", "\0", "\u202e", "é",
        "\u2028", "\u0085", "\\$", "\\\"", "\"\\x\"", "\"\\\n\"", "--exec=\"a\\\"b\"", "--vo wlcg", "--unknown=1", "--official=1", "user.x",
    ];

    private readonly byte[][] _seeds = SeedFiles.Of(Title);
    private readonly Mutator _mutator = new(Pieces);

    public string Name => Title;

    public long AllocationLimit => 64 << 20;

    public byte[] Make(Dice dice)
    {
        var seed = _seeds[dice.Below(_seeds.Length)];
        if (!dice.OneIn(3))
        {
            return _mutator.Damage(seed, _seeds[dice.Below(_seeds.Length)], dice);
        }

        var text = new StringBuilder(dice.OneIn(4) ? "" : "prun ");
        for (var pieces = dice.Between(1, 12); pieces > 0; pieces--)
        {
            text.Append(dice.Of<string>(Pieces));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public bool Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        CheckWords(text);
        PrunLine line;
        try
        {
            line = PrunLine.Read(text, PrunOptions.Default);
        }
        catch (CommandRefusedException e)
        {
            BrokenRuleException.Unless(e.Line >= 1 && e.Column >= 1 && !e.Message.Contains('\n', StringComparison.Ordinal), $"no place: {e.Message}");
            return false;
        }

        CheckOptions(line);
        var quoted = string.Join(" \\\n  ", line.Arguments.Select(a => $"'{a.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var again = PrunLine.Read(quoted, PrunOptions.Default);
        BrokenRuleException.Unless(again.Arguments.SequenceEqual(line.Arguments) && again.OutDs == line.OutDs, $"quoted anew it reads otherwise: {quoted}");
        return true;
    }

    public void Dispose()
    {
    }

    private static void CheckWords(string text)
    {
        bool taken;
        try
        {
            taken = CommandText.Split(text).Count > 0;
        }
        catch (CommandRefusedException)
        {
            taken = false;
        }

        BrokenRuleException.Unless(taken == PlainWords().IsMatch(text), taken ? "taken, but a shell would do more than words" : "refused, but it is plain words");
    }

    private static void CheckOptions(PrunLine line)
    {
        BrokenRuleException.Unless(line.Arguments[0] == "prun", "another program");
        for (var i = 1; i < line.Arguments.Count; i++)
        {
            var word = line.Arguments[i];
            var takes = PrunOptions.Default.TakesValue(word.Split('=')[0]);
            BrokenRuleException.Unless(word.StartsWith("--", StringComparison.Ordinal) && takes is not null, $"no allowed option: {word}");
            i += takes == true && !word.Contains('=', StringComparison.Ordinal) ? 1 : 0;
            BrokenRuleException.Unless(i < line.Arguments.Count && (line.Arguments[i] == word || !line.Arguments[i].StartsWith('-')), $"a value that is an option: {word}");
        }
    }

    // The shell's grammar of plain words once more, as a regular language.
    private const string Quoted =
        """(?:\\[^\x00-\x08\x0a-\x1f\x7f-\x9f]|'[^'\x00-\x08\x0b-\x1f\x7f-\x9f]*'|"(?:[^"$`\\\x00-\x08\x0b-\x1f\x7f-\x9f]|\\[^\x00-\x08\x0b-\x1f\x7f-\x9f])*")""";

    private const string Word =
        """(?:[^ ;&|<>()`$*?\[{~#\\'"\x00-\x1f\x7f-\x9f]|""" + Quoted + """)(?:[^ ;&|<>()`$*?\[{\\'"\x00-\x1f\x7f-\x9f]|\\\n|""" + Quoted + ")*";

    private const string Blank = """(?:[ \t]|\\\n)""";

    [GeneratedRegex(
        $"""\A{Blank}*{Word}(?:{Blank}+{Word})*{Blank}*(?:\n[ \t\n]*)?\z""",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PlainWords();
}
