using System.Text.Json.Serialization;

namespace OpsAgent.Agent.Control;

/// <summary>The door's shapes, generated at build: no reflection at the first request.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(WorkListAnswer))]
[JsonSerializable(typeof(WorkAnswer))]
[JsonSerializable(typeof(WhyAnswer))]
[JsonSerializable(typeof(ChangedAnswer))]
[JsonSerializable(typeof(RetriedAnswer))]
[JsonSerializable(typeof(ConfigurationAnswer))]
[JsonSerializable(typeof(PauseAnswer))]
[JsonSerializable(typeof(ReloadAnswer))]
[JsonSerializable(typeof(LogsAnswer))]
[JsonSerializable(typeof(DoorFinding))]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class DoorJson : JsonSerializerContext;
