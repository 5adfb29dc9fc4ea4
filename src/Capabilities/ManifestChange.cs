namespace OpsAgent.Capabilities;

/// <summary>What a new manifest has that an old one has not, by message type, each list sorted.</summary>
/// <param name="Added">Types that only the new one has.</param>
/// <param name="Removed">Types that only the old one has.</param>
/// <param name="Changed">Types whose tables, or what these are lent, say something else.</param>
public sealed record ManifestChange(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed)
{
    /// <summary>Compares what the two say, not how they are written.</summary>
    public static ManifestChange Between(Manifest before, Manifest after)
    {
        var old = before.Capabilities.ToDictionary(static c => c.MsgType.Value, static c => c.Definition, StringComparer.Ordinal);
        var now = after.Capabilities.ToDictionary(static c => c.MsgType.Value, static c => c.Definition, StringComparer.Ordinal);
        return new ManifestChange(
            Sorted(now.Keys.Except(old.Keys)),
            Sorted(old.Keys.Except(now.Keys)),
            Sorted(now.Keys.Intersect(old.Keys).Where(type => !IsSame(old[type], now[type])).Concat(ChangedMessages(before, after))));
    }

    private static IEnumerable<string> ChangedMessages(Manifest before, Manifest after) =>
        before.Messages.Keys.Union(after.Messages.Keys).Where(type => Text(before, type) != Text(after, type));

    private static string Text(Manifest manifest, string type)
    {
        var rule = manifest.Messages.GetValueOrDefault(type, SenderRule.Open);
        return $"{rule.Signed} {(rule.Senders is { } senders ? string.Join('\n', senders) : null)}";
    }

    private static bool IsSame(CapabilityDefinition a, CapabilityDefinition b) =>
        a.Text == b.Text && a.Credentials.Count == b.Credentials.Count
        && a.Credentials.Zip(b.Credentials).All(static pair => pair.First.IsSameAs(pair.Second));

    private static IReadOnlyList<string> Sorted(IEnumerable<string> types) => [.. types.Order(StringComparer.Ordinal)];
}
