using System.Text;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>Documents of headers and entries, mostly right, whose few names meet each other often.</summary>
internal static class TomlGrammar
{
    private static readonly string[] Names = ["a", "b", "c", "\"a\"", "'b'", "\"\"", "1", "true", "é", "\"\\u0061\"", "a-b", "1.5"];

    private static readonly string[] Scalars =
    [
        "1", "-0", "+9_9", "0xDEAD", "0o7", "0b1", "9223372036854775807", "-9223372036854775808", "1.5e3", "inf", "-nan", "6.02e-23", "-0.0", "5e-324", "true",
        "false", "\"x\"", "''", "\"\\t\\u00e9\\U0001F600\"", "'''\n'a'''", "\"\"\"\\\n  b\"\"\"", "1979-05-27", "07:32:00.5", "1979-05-27 07:32:00",
        "1979-05-27T00:32:00.999999-07:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999+23:59", "2024-02-29", "00:00:60",
    ];

    public static string Document(Dice dice)
    {
        var text = new StringBuilder();
        for (var lines = dice.Between(1, 8); lines > 0; lines--)
        {
            switch (dice.Below(5))
            {
                case 0:
                    text.Append('[').Append(Key(dice)).Append(']');
                    break;
                case 1:
                    text.Append("[[").Append(Key(dice)).Append("]]");
                    break;
                default:
                    text.Append(Key(dice)).Append(" = ").Append(Value(dice, 4));
                    break;
            }

            text.Append(dice.Of("\n", "\n", "\r\n", " # c\n", "\n\n"));
        }

        return text.ToString();
    }

    private static string Key(Dice dice)
    {
        var key = dice.Of<string>(Names);
        while (dice.OneIn(3))
        {
            key += dice.Of(".", " . ") + dice.Of<string>(Names);
        }

        return key;
    }

    private static string Value(Dice dice, int depth) => (depth == 0 ? 2 : dice.Below(6)) switch
    {
        0 => "[" + string.Join(dice.Of(",", ", ", "\n,"), Items(dice, depth, static (d, n) => Value(d, n))) + "]",
        1 => "{" + string.Join(", ", Items(dice, depth, static (d, n) => $"{Key(d)} = {Value(d, n)}")) + "}",
        _ => dice.Of<string>(Scalars),
    };

    private static List<string> Items(Dice dice, int depth, Func<Dice, int, string> item)
    {
        var items = new List<string>();
        for (var count = dice.Below(4); count > 0; count--)
        {
            items.Add(item(dice, depth - 1));
        }

        return items;
    }
}
