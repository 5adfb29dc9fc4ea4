using System.Text;
using System.Text.Json;
using OpsAgent.Capabilities;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>Messages that are nearly right: known types, their own fields, and values that somebody would try.</summary>
internal sealed class MessageGrammar(Manifest manifest)
{
    private static readonly string[] Values =
    [
        "1", "0", "-1", "1e400", "1.5", "123456789012345678901234567890", "true", "false", "null", "\"\"", "\"x\"", "\"--force\"", "\"-x\"", "\"../../etc\"",
        "\"a/b\"", "\".\"", "\"..\"", "\"6123456789\"", "\"group.EIC\"", "\"a b\"", "\"a\\nb\"", "\"\\u001b[2J\"", "\"\\u202e\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"", "\"{task_name}\"", "\"$(id)\"", "\"%s%n\"", "[]", "[1,2]", "[\"a\",\"-b\"]", "[[1]]", "{}", "{\"a\":1}", "\"26.02.0\"", "\"ESCALATE\"",
    ];

    private static readonly string[] Shared =
        ["namespace", "request_id", "requested_by", "created_by", "owner", "sender", "reply_to", "msg_type", "\\u006dsg_type"];

    private readonly Capability[] _capabilities = [.. manifest.Capabilities];

    public string Message(Dice dice)
    {
        var capability = dice.Of<Capability>(_capabilities);
        var text = new StringBuilder("{\"msg_type\":");
        text.Append(dice.OneIn(12) ? dice.Of<string>(Values) : JsonSerializer.Serialize(capability.MsgType.Value));
        foreach (var field in capability.Definition.Fields)
        {
            if (!dice.OneIn(8))
            {
                text.Append(",\"").Append(field.Name).Append("\":").Append(Value(dice));
            }
        }

        for (var more = dice.Below(4); more > 0; more--)
        {
            text.Append(",\"").Append(dice.Of<string>(Shared)).Append("\":").Append(dice.OneIn(2) ? "\"prodops\"" : Value(dice));
        }

        if (dice.OneIn(30))
        {
            var depth = dice.Between(28, 36);
            text.Append(",\"deep\":").Append('[', depth).Append(']', depth);
        }

        return text.Append('}').ToString();
    }

    // Half of them such as many types of field take, so that what comes through is looked at too.
    private static string Value(Dice dice) => dice.Below(4) switch
    {
        0 => $"\"{dice.Below(1 << 30)}\"",
        1 => "\"26.02.0_epic_craterlake.EXCLUSIVE-v1\"",
        _ => dice.Of<string>(Values),
    };
}
