using System.Text;
using System.Text.Json;
using OpsAgent.Capabilities;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// A manifest that somebody is still writing. It is taken whole or every mistake has its line, twice the same; and a capability
/// that was taken reads a message and makes its work without throwing.
/// </summary>
internal sealed class ManifestText : ITarget
{
    public const string Title = "manifest";

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal) { ["LIMIT"] = "20", ["BAD"] = "soon" };

    private static readonly string[] Values =
    [
        "true", "0", "-1", "9223372036854775807", "1.5", "nan", "\"\"", "\"x\"", "\"{\"", "\"{a}\"", "\"{a}{b}\"", "\"-{a}\"", "\"{tmp}/{a}/..\"", "[]", "[[]]",
        "[1, \"a\"]", "[{}]", "{}", "{ env = 1 }", "{ env = \"LIMIT\", default = \"5s\" }", "{ env = \"BAD\", default = \"5s\" }", "{ a = {} }", "2026-01-01",
        "{ type = \"id\" }", "{ type = \"list\", max_items = 1, default = [1] }", "{ type = \"text\", max = 10, required = true }", "\"30s\"", "\"1/0s\"",
        "{ type = \"enum\", values = [\"a\", \"a\"] }", "{ type = \"int\", min = 5, max = 1 }", "[\"doer\", \"--a={a}\"]", "[\"/bin/true\", \"{a}\"]", "\"rerun\"",
    ];

    private static readonly byte[][] Messages =
    [
        "{}"u8.ToArray(), """{"a":"1","b":"x","task_name":"t","c":[1,"2"],"d":{"e":1}}"""u8.ToArray(), """{"a":"-x","b":0,"task_name":"../t","c":"","d":[]}"""u8.ToArray(),
    ];

    private readonly string[] _seeds = [.. SeedFiles.Of(Title).Select(Encoding.UTF8.GetString), Encoding.UTF8.GetString(SeedFiles.ShippedManifest())];

    private readonly Mutator _mutator = new(
        "{a}", "{tmp}", "{reason}", "{", "}", "{{", "\"", "'", "[", "]", "=", ".", "\n", "required = true", "type = ", "on.error", "on.ok", "env", "default",
        "\u202e", "--", "-", "*", "s", "[capability.x]\n", "[lane.l]\nslots = 1\n");

    public string Name => Title;

    public long AllocationLimit => 128 << 20;

    public byte[] Make(Dice dice)
    {
        var lines = _seeds[dice.Below(dice.OneIn(10) ? _seeds.Length : _seeds.Length - 1)].Split('\n').ToList();
        for (var times = dice.Of(0, 1, 1, 1, 2, 4); times > 0; times--)
        {
            ChangeLine(lines, dice);
        }

        var made = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        return dice.OneIn(4) ? _mutator.Damage(made, made, dice) : made;
    }

    public bool Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var reading = ManifestReader.Parse(text, "m.toml", Environment);
        BrokenRuleException.Unless(reading.Errors.Count == 0 == reading.Manifest is not null, "half a manifest");
        var lines = text.AsSpan().Count('\n') + 1;
        foreach (var error in reading.Errors)
        {
            var told = error.ToString();
            BrokenRuleException.Unless(error.Line >= 1 && error.Line <= lines, "a place outside: " + told);
            BrokenRuleException.Unless(told.AsSpan().IndexOfAny("\n\r\u001b\u202e") < 0, "no line tells of it: " + told);
        }

        if (reading.Manifest is not { } manifest)
        {
            return false;
        }

        foreach (var capability in manifest.Capabilities)
        {
            Use(capability);
        }

        return true;
    }

    public void Dispose()
    {
    }

    private static void ChangeLine(List<string> lines, Dice dice)
    {
        var at = dice.Below(lines.Count);
        var equals = lines[at].IndexOf('=', StringComparison.Ordinal);
        switch (dice.Below(5))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(dice.Below(lines.Count + 1), lines[at]);
                break;
            case 2:
                var with = dice.Below(lines.Count);
                (lines[at], lines[with]) = (lines[with], lines[at]);
                break;
            default:
                lines[at] = equals > 0 ? $"{lines[at][..equals]}= {dice.Of<string>(Values)}" : lines[at] + "x";
                break;
        }

        if (lines.Count == 0)
        {
            lines.Add("");
        }
    }

    private static void Use(Capability capability)
    {
        foreach (var message in Messages)
        {
            using var body = JsonDocument.Parse(message);
            var reading = capability.ReadFields(body.RootElement);
            _ = capability.MarkerPath(reading.Values);
            if (reading.Errors.Count == 0)
            {
                _ = capability.ToWork(reading.Values, default);
            }
        }
    }
}
