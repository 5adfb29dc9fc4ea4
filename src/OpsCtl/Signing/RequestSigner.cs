using OpsAgent.Capabilities.Signing;
using OpsAgent.OpsCtl.Bus;

namespace OpsAgent.OpsCtl.Signing;

/// <summary>Signs requests with a key. No record, so that nothing prints the key.</summary>
internal sealed class RequestSigner(SigningKey key)
{
    /// <summary>The headers of one sending: another needs its own.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Sign(BusRequest request, DateTimeOffset now) =>
        RequestSignature.Headers(key, request.Destination, request.Body.Span, now);
}
