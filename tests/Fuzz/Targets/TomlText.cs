using System.Text;
using OpsAgent.Tests.Fuzz.Engine;
using OpsAgent.Toml;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// A configuration file. It is read or refused at a place inside it; what was read is written in another notation and reads as the
/// same.
/// </summary>
internal sealed class TomlText : ITarget
{
    public const string Title = "toml";

    private readonly byte[][] _seeds = [.. SeedFiles.Of(Title), SeedFiles.ShippedManifest()];

    private readonly Mutator _mutator = new(
        "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", "\"", "'", "\"\"\"", "'''", "\\", "\\u00e9", "\\ud800", "\\U00110000", "\n", "\r\n", "\r", "\t",
        "a", "a.b", "1", "-0", "+inf", "nan", "1e9999", "0x", "0xffffffffffffffff", "1_0", "1979-05-27", "T07:32:00Z", "07:32:00.999999999999", "true",
        "\0", "\uFEFF", "\u202e", "[a]\n", "[[a]]\n", "a = 1\n", "a.b = 1\n", "a = {b = 1}\n");

    public string Name => Title;

    public long AllocationLimit => 128 << 20;

    public byte[] Make(Dice dice)
    {
        // The shipped manifest is the last, and long: seldom.
        var seed = _seeds[dice.Below(dice.OneIn(40) ? _seeds.Length : _seeds.Length - 1)];
        var made = dice.OneIn(2) ? seed : Encoding.UTF8.GetBytes(TomlGrammar.Document(dice));
        return dice.OneIn(4) ? made : _mutator.Damage(made, seed, dice);
    }

    public bool Run(byte[] input)
    {
        TomlTable table;
        try
        {
            table = TomlDocument.Parse(input);
        }
        catch (TomlException e)
        {
            var lines = input.AsSpan().Count((byte)'\n') + 1;
            BrokenRuleException.Unless(e.Position.Line >= 1 && e.Position.Line <= lines && e.Position.Column >= 1, $"a place outside: {e.Message}");
            BrokenRuleException.Unless(e.Message.Length < 1000 && !e.Message.Any(char.IsControl), "no line, or one without bounds, tells of it");
            return false;
        }

        var first = TomlWriting.Of(table);
        string second;
        try
        {
            second = TomlWriting.Of(TomlDocument.Parse(first));
        }
        catch (TomlException e) when (e.Problem.Contains("too large", StringComparison.Ordinal) || e.Problem.Contains("too deep", StringComparison.Ordinal))
        {
            return true; // the other notation is longer and, where headers stood, deeper
        }

        BrokenRuleException.Unless(first == second, $"what was read reads otherwise when it is written:\n{first}\nand\n{second}");
        return true;
    }

    public void Dispose()
    {
    }
}
