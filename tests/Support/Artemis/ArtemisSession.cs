using System.Globalization;

namespace OpsAgent.Tests.Support.Artemis;

/// <summary>One client's frames, answered as Artemis answers them.</summary>
internal sealed class ArtemisSession(ArtemisStore store, ArtemisOptions options, ArtemisConnection connection)
{
    private static readonly string[] NotKept = ["destination", "content-length", "receipt", "transaction"];

    private readonly Dictionary<string, ArtemisConsumer> _consumers = [];
    private readonly Dictionary<string, List<ScriptedStompFrame>> _transactions = [];
    private string? _version;
    private bool _ended;

    public void Handle(ScriptedStompFrame frame)
    {
        lock (store.Gate)
        {
            if (_ended)
            {
                return;
            }

            var receipt = frame["receipt"];
            try
            {
                Action? afterReceipt = Answer(frame);
                if (receipt is not null && frame.Command is not ("CONNECT" or "STOMP"))
                {
                    Write("RECEIPT", ("receipt-id", Plain(receipt)));
                }

                afterReceipt?.Invoke();
            }
            catch (ArtemisException e)
            {
                Error(e.Message, receipt is null ? null : Plain(receipt), e.Ends);
            }
        }
    }

    /// <summary>Says ERROR, then closes.</summary>
    public void Fail(string message)
    {
        lock (store.Gate)
        {
            if (!_ended)
            {
                Error(message, null, ends: true);
            }
        }
    }

    /// <summary>What was not acked goes back; transactions are forgotten.</summary>
    public void End()
    {
        lock (store.Gate)
        {
            _ended = true;
            foreach (var consumer in _consumers.Values)
            {
                store.Unsubscribe(consumer);
            }

            _consumers.Clear();
        }
    }

    /// <summary>Does what the frame asks for; what is to follow a receipt is returned.</summary>
    private Action? Answer(ScriptedStompFrame frame)
    {
        if (_version is null)
        {
            Connect(frame);
            return null;
        }

        switch (frame.Command)
        {
            case "SEND":
                Send(frame);
                return null;
            case "SUBSCRIBE":
                return Subscribe(frame);
            case "UNSUBSCRIBE":
                Unsubscribe(Header(frame, "id"));
                return null;
            case "NACK" when _version != "1.0":
                // Not a slip: Artemis takes it for an ACK, and the message is gone.
                Ack(frame);
                return null;
            case "ACK":
                Ack(frame);
                return null;
            case "BEGIN":
                _transactions.Add(Header(frame, "transaction"), []);
                return null;
            case "COMMIT":
                Commit(Header(frame, "transaction"));
                return null;
            case "ABORT":
                _transactions.Remove(Header(frame, "transaction"));
                return null;
            case "DISCONNECT":
                return connection.CloseAfterWriting;
            default:
                throw new ArtemisException($"AMQ339029: Unsupported command: {frame.Command}");
        }
    }

    private void Connect(ScriptedStompFrame frame)
    {
        if (frame.Command is not ("CONNECT" or "STOMP"))
        {
            throw new ArtemisException("AMQ339008: Connection has not been established.");
        }

        var offered = (frame["accept-version"] ?? "1.0").Split(',');
        var version = offered.Intersect(["1.0", "1.1", "1.2"]).Max() ?? throw new ArtemisException($"AMQ339002: Stomp versions not supported: {frame["accept-version"]}", ends: true);
        if (options.Login is not null && (frame["login"] != options.Login || frame["passcode"] != options.Passcode))
        {
            throw new ArtemisException($"Security Error occurred: User name [{frame["login"]}] or password is invalid", ends: true);
        }

        var heartBeat = version == "1.0" || frame["heart-beat"] is not { } header
            ? new ArtemisHeartBeat(TimeSpan.Zero, TimeSpan.Zero, options.ConnectionTtl)
            : ArtemisHeartBeat.Agree(header, options);
        _version = version;
        Write("CONNECTED", [
            ("version", version), ("session", connection.Number.ToString(CultureInfo.InvariantCulture)),
            ("server", "ActiveMQ-Artemis/2.44.0 ActiveMQ Artemis Messaging Engine (scripted)"),
            .. frame["heart-beat"] is null || version == "1.0" ? [] : new[] { ("heart-beat", heartBeat.Header) }]);
        connection.Watch(heartBeat);
    }

    private void Send(ScriptedStompFrame frame)
    {
        if (frame["transaction"] is { } transaction)
        {
            Transaction(Plain(transaction)).Add(frame);
            return;
        }

        Store(frame);
    }

    private void Store(ScriptedStompFrame frame)
    {
        var kept = frame.Headers.Where(h => !NotKept.Contains(h.Key)).Select(h => KeyValuePair.Create(Plain(h.Key), Plain(h.Value)));
        store.Send(Header(frame, "destination"), frame.Body, frame["content-length"] is not null, [.. kept]);
    }

    private void Commit(string transaction)
    {
        var frames = Transaction(transaction);
        _transactions.Remove(transaction);
        frames.ForEach(Store);
    }

    private Action Subscribe(ScriptedStompFrame frame)
    {
        var destination = Header(frame, "destination");
        var id = frame["id"] is { } given ? Plain(given) : $"subscription/{destination}";
        var mode = frame["ack"] ?? "auto";
        if (_consumers.ContainsKey(id))
        {
            throw new ArtemisException($"There already is a subscription for: {id}. Either use unique subscription IDs or do not create multiple subscriptions for the same destination");
        }

        var consumer = new ArtemisConsumer(store.Subscribe(destination), (message, messageId) => MessageFrame(message, messageId, id, mode), connection.Write)
        {
            Id = store.NextNumber(),
            Subscription = id,
            AckMode = mode,
            Window = Window(frame, mode),
        };
        _consumers.Add(id, consumer);
        consumer.Queue.Add(consumer);
        return () =>
        {
            consumer.Open();
            consumer.Queue.Deliver();
        };
    }

    /// <summary>Its own header first; the one of ActiveMQ Classic counts bytes here too.</summary>
    private int Window(ScriptedStompFrame frame, string mode)
    {
        if ((frame["consumer-window-size"] ?? frame["activemq.prefetchSize"]) is not { } asked)
        {
            return mode == "auto" ? -1 : options.ConsumerWindow;
        }

        return int.TryParse(asked, out var bytes) ? bytes : throw new ArtemisException($"For input string: \"{asked}\"");
    }

    private void Unsubscribe(string id)
    {
        if (!_consumers.Remove(id, out var consumer))
        {
            throw new ArtemisException($"Cannot unsubscribe as no subscription exists for id: {id}");
        }

        store.Unsubscribe(consumer);
    }

    /// <summary>A transaction header is ignored: the message is gone at once, whatever becomes of the transaction.</summary>
    private void Ack(ScriptedStompFrame frame)
    {
        if (store.LosesAcks)
        {
            return;
        }

        var messageId = Header(frame, _version == "1.2" ? "id" : "message-id");
        var subscription = _version == "1.1" ? Header(frame, "subscription") : null;
        var halves = messageId.Split(',');
        var consumer = halves.Length == 2 ? _consumers.Values.FirstOrDefault(c => halves[0] == c.Id.ToString(CultureInfo.InvariantCulture)) : null;
        if (subscription is not null && consumer is not null && consumer.Subscription != subscription)
        {
            throw new ArtemisException($"AMQ339026: subscription id {subscription} does not match {consumer.Subscription}");
        }

        if (consumer is null || !long.TryParse(halves[1], out var number) || !consumer.Ack(number))
        {
            throw new ArtemisException($"AMQ339025: failed to ack because no message with id: {messageId}");
        }

        consumer.Queue.Deliver();
    }

    private byte[] MessageFrame(ArtemisMessage message, string messageId, string subscription, string mode) => ArtemisFrames.Make(_version!, "MESSAGE", [
        ("subscription", subscription),
        .. message.AsBytes ? [("content-length", message.Body.Length.ToString(CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
        ("message-id", messageId),
        ("destination", message.Destination),
        ("expires", message["expires"] ?? "0"),
        ("redelivered", message.Attempts > 1 ? "true" : "false"),
        ("priority", message["priority"] ?? "4"),
        .. message["persistent"] == "true" ? [("persistent", "true")] : Array.Empty<(string, string)>(),
        ("timestamp", message.Timestamp.ToString(CultureInfo.InvariantCulture)),
        .. message.Headers.Where(h => h.Key is not ("expires" or "priority" or "persistent")).Select(h => (h.Key, h.Value)),
        .. _version == "1.2" && mode != "auto" ? [("ack", messageId)] : Array.Empty<(string, string)>()],
        message.Body.Span);

    private List<ScriptedStompFrame> Transaction(string id) =>
        _transactions.TryGetValue(id, out var frames) ? frames : throw new ArtemisException($"No transaction started: {id}");

    private string Header(ScriptedStompFrame frame, string name) =>
        frame[name] is { } value ? Plain(value) : throw new ArtemisException($"{frame.Command} lacks the header {name}");

    private string Plain(string text) => ArtemisFrames.Unescape(text, _version ?? "1.0");

    private void Error(string message, string? receipt, bool ends)
    {
        connection.Told(message);
        Write("ERROR", [("message", message), .. receipt is null ? [] : new[] { ("receipt-id", receipt) }]);
        if (ends)
        {
            connection.CloseAfterWriting();
        }
    }

    private void Write(string command, params IEnumerable<(string Name, string Value)> headers) =>
        connection.Write(ArtemisFrames.Make(_version ?? "1.0", command, headers));
}
