using System.Text;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>What an ERROR frame says: its message header, or the first line of its body.</summary>
internal static class BrokerError
{
    public static string Text(StompFrame frame)
    {
        if (frame.Headers.Get(KnownHeaders.Message) is { Length: > 0 } message)
        {
            return Printable.Line(message);
        }

        var body = Encoding.UTF8.GetString(frame.Body.Span).AsSpan().TrimStart();
        var end = body.IndexOf('\n');
        return body.IsEmpty ? "no reason given" : Printable.Line((end < 0 ? body : body[..end]).ToString());
    }
}
