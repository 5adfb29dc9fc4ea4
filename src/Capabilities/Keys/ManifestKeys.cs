using OpsAgent.Capabilities.Reading;

namespace OpsAgent.Capabilities.Keys;

/// <summary>The tables of the file that are the manifest's.</summary>
internal static class ManifestKeys
{
    /// <summary>Types whose requests the agent's own code answers.</summary>
    public static readonly IReadOnlyList<string> TakenTypes = ["health_ping", "shutdown"];

    public static readonly TableKey Lane = Named(
        "lane",
        "Lanes: how many doers of a kind run at once. One lane never takes the slots of another.",
        new TableKey(Key.Any, "One lane; capabilities name it.", LaneKeys.Form));

    public static readonly TableKey Credential = Named(
        "credential",
        "Credentials: names for the environment variables that hold their paths. A doer gets only those lent to it.",
        new TableKey(Key.Any, "One credential; capabilities name it. The secret itself never stands in this file.", CredentialKeys.Form));

    public static readonly TableKey Capability = Named(
        "capability",
        "Capabilities: each is named by the msg_type of its requests.",
        new TableKey(Key.Any, "One operation: the fields of its requests, and the doer that is started for each.", CapabilityKeys.Form),
        TakenTypes);

    public static readonly TableKey Message = new(
        "message",
        "Who may send what the agent itself answers. health_ping is free for all.",
        MessageKeys.Form);

    public static readonly IReadOnlyList<TableKey> All = [Lane, Credential, Capability, Message];

    private static TableKey Named(string name, string description, TableKey one, IReadOnlyList<string>? taken = null) => new(
        name,
        description,
        new TableForm { Others = one, OtherNames = Patterns.Identifier(Names.LongestMsgType), NotNames = taken ?? [] });
}
