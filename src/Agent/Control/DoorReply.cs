using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Agent.Control;

/// <summary>
/// What a route answers. Routes only make it and <see cref="DoorGuard"/> alone writes it, so that a route which comes back
/// after its time is up can't write into the next request of the same connection.
/// </summary>
internal readonly record struct DoorReply(int Status, byte[] Body)
{
    public static DoorReply Ok<T>(T answer, JsonTypeInfo<T> shape) =>
        new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(answer, shape));

    public static DoorReply Error(int status, string error, string advice) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(new ErrorAnswer(error, advice), DoorJson.Default.ErrorAnswer));

    public static DoorReply Bad(string error, string advice) => Error(StatusCodes.Status400BadRequest, error, advice);
}
