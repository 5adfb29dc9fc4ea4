using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Signing;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads who may ask.</summary>
internal static class SendersReader
{
    private const int LongestUser = 200;

    /// <summary>The rule of a capability's table.</summary>
    public static SenderRule Read(TableReader table)
    {
        var signed = table.Boolean(SenderKeys.Signed) ?? false;
        var senders = new List<string>();
        foreach (var node in table.Texts(SenderKeys.Senders))
        {
            if (IsUser(node.Value) || IsKey(node.Value))
            {
                senders.Add(node.Value);
            }
            else
            {
                table.Report(node, SenderKeys.Senders, $"must be \"user:NAME\" or \"key:ID\", the id {KeyId.Form}");
            }
        }

        var given = table.Find(SenderKeys.Senders);
        if (given is TomlArray { Count: 0 })
        {
            table.Report(SenderKeys.Senders, "must name somebody: without the key anybody may ask");
        }

        return new SenderRule(given is null ? null : senders, signed);
    }

    /// <summary>The rules of <c>[message.NAME]</c>, by message type.</summary>
    public static IReadOnlyDictionary<string, SenderRule> ReadMessages(TomlTable root, Problems problems)
    {
        var rules = new Dictionary<string, SenderRule>(StringComparer.Ordinal);
        var name = ManifestKeys.Message.Name;
        if (!root.TryGetValue(name, out var node))
        {
            return rules;
        }

        if (node is not TomlTable table)
        {
            problems.Add(node.Position, name, $"must be a table: write [{name}.{MessageKeys.Shutdown.Name}]");
            return rules;
        }

        var reader = new TableReader(table, name, MessageKeys.Form, problems);
        foreach (var type in table.Keys)
        {
            if (type != MessageKeys.Shutdown)
            {
                reader.ReportKey(type, type == MessageKeys.Free
                    ? "can't be restricted: it is answered before anything else is looked at, so that a watchdog always has its answer"
                    : $"is no message that can be restricted here: there is [{name}.{MessageKeys.Shutdown.Name}], and [capability.NAME] has the same keys");
            }
            else if (reader.Table(MessageKeys.Shutdown) is { } message)
            {
                rules[type] = Read(message);
                message.RefuseOthers();
            }
        }

        return rules;
    }

    private static bool IsUser(string text) =>
        text.StartsWith(SenderRule.User, StringComparison.Ordinal) && text.Length > SenderRule.User.Length
        && text.Length <= SenderRule.User.Length + LongestUser && !text.Any(static c => char.IsControl(c) || c is '\u2028' or '\u2029');

    private static bool IsKey(string text) =>
        text.StartsWith(SenderRule.Key, StringComparison.Ordinal) && KeyId.IsValid(text.AsSpan(SenderRule.Key.Length));
}
