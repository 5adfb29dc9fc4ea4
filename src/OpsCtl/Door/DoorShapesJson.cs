using System.Text.Json.Serialization;
using OpsAgent.OpsCtl.Logs;
using OpsAgent.OpsCtl.Reload;
using OpsAgent.OpsCtl.Top;

namespace OpsAgent.OpsCtl.Door;

/// <summary>The door's shapes, generated at build. Members that this version does not know are ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgentState))]
[JsonSerializable(typeof(WorkPage))]
[JsonSerializable(typeof(WorkItem))]
[JsonSerializable(typeof(WorkWhy))]
[JsonSerializable(typeof(ChangeResult))]
[JsonSerializable(typeof(RetryResult))]
[JsonSerializable(typeof(SettleFinding))]
[JsonSerializable(typeof(PauseResult))]
[JsonSerializable(typeof(TopPicture))]
[JsonSerializable(typeof(ReloadResult))]
[JsonSerializable(typeof(LogPiece))]
[JsonSerializable(typeof(DoorError))]
internal sealed partial class DoorShapesJson : JsonSerializerContext;
