using System.Text.Json.Nodes;

namespace OpsAgent.Agent.Hosting;

/// <summary>What a setting's text must look like.</summary>
/// <param name="Check">Null if the text is valid, else what is wrong with it, as the end of a sentence.</param>
/// <param name="Describe">Adds the same to the schema of its value.</param>
internal sealed record SettingForm(Func<string, string?> Check, Action<JsonObject> Describe);
