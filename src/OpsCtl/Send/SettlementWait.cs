using System.Text.Json;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Send;

/// <summary>Waits on the settled topic for the settlement of one request.</summary>
internal sealed class SettlementWait(string requestId)
{
    private readonly TaskCompletionSource<JsonElement> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The settlement.</summary>
    public Task<JsonElement> Settled => _settled.Task;

    /// <summary>Told when the request is held, for example until a credential is there.</summary>
    public Action<JsonElement> OnHeld { get; init; } = static _ => { };

    /// <summary>Takes a message of the topic; anything may come there.</summary>
    public void Take(BusMessage message)
    {
        if (JsonText.TryObject(message.Body) is not { } body || JsonText.Field(body, "request_id") != requestId)
        {
            return;
        }

        switch (JsonText.Field(body, "msg_type"))
        {
            case "ops_request_settled":
                _settled.TrySetResult(body);
                break;
            case "ops_request_held":
                OnHeld(body);
                break;
        }
    }
}
