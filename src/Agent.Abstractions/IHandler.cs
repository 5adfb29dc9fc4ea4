namespace OpsAgent.Abstractions;

/// <summary>Takes the requests of one <c>msg_type</c>.</summary>
public interface IHandler
{
    /// <summary>The type that this handler takes.</summary>
    MsgType MsgType { get; }

    /// <summary>
    /// Looks at one request and says what is to happen. Called on the receive path, for a request of work again at each
    /// start of it and after a restart: it must be quick, touch no disk and no network, and give the same verdict for the
    /// same message.
    /// </summary>
    Verdict Handle(OpsMessage message);
}
