using System.Diagnostics.CodeAnalysis;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>
/// A part of the suite. A class for each broker inherits it, so that each broker passes each test, and fails it in its own name.
/// </summary>
[SuppressMessage("Maintainability", "CA1515", Justification = "xunit looks at public classes")]
public abstract class BrokerContract(ContractBroker broker)
{
    protected BrokerTraits Traits => broker.Traits;

    protected StompClientOptions Options => broker.Options;

    protected int Port => broker.Port;

    protected static string NewQueue() => $"/queue/contract-{Guid.NewGuid():N}";

    protected static string NewTopic() => $"/topic/contract-{Guid.NewGuid():N}";

    private protected Task<BrokerClient> ConnectAsync() => BrokerClient.ConnectedAsync(Options);

    /// <summary>Connected, with no client between the test and the wire.</summary>
    protected async Task<RawStompClient> ConnectRawAsync(string version = "1.2", string heartBeat = "0,0")
    {
        var raw = await RawStompClient.OpenAsync(Port);
        await raw.SendAsync("CONNECT", [.. ConnectHeaders(), $"accept-version:{version}", $"heart-beat:{heartBeat}"]);
        await raw.ExpectAsync("CONNECTED");
        return raw;
    }

    /// <summary>The header of SUBSCRIBE that asks for a window, where there is one.</summary>
    protected KeyValuePair<string, string>[] Window(int messages) => Traits.WindowHeader is { } name ? [new(name, $"{messages}")] : [];

    /// <summary>The headers of CONNECT that name the user and the virtual host.</summary>
    protected string[] ConnectHeaders(string? passcode = null) =>
        [$"host:{Options.VirtualHost ?? "localhost"}", $"login:{Options.Login}", $"passcode:{passcode ?? Options.Passcode}"];

    /// <summary>
    /// Just these are left for the next consumer, in this order. A broker may notice a lost connection late, so they are waited for before a
    /// last message shows that nothing else comes. Where nothing is left to wait for, the connection before must have said DISCONNECT.
    /// </summary>
    protected async Task LeavesAsync(string queue, IReadOnlyCollection<string> expected)
    {
        await using var next = await ConnectAsync();
        next.Subscribe(queue, StompAckMode.Auto);
        await next.ReceivesAsync(expected.Count);
        await next.SendAsync(queue, "last");
        Assert.Equal([.. expected, "last"], await next.ReceivesUntilAsync("last"));
    }

    /// <summary>The frame just sent is answered so; returns the ERROR, if it is one.</summary>
    protected async Task<ScriptedStompFrame?> AnswersAsync(RawStompClient raw, Answer answer)
    {
        var error = answer is Answer.Error or Answer.ErrorAndEnd ? await raw.ExpectAsync("ERROR") : null;
        if (answer is Answer.ErrorAndEnd or Answer.End)
        {
            var rest = await raw.UntilEndAsync();
            Assert.All(rest, f => Assert.True(f.Command == "RECEIPT" && Traits.MayConfirmWhatItRefuses, $"{f}"));
            return error;
        }

        // Where it goes on, it still works.
        await raw.SendTextAsync("SEND", ["destination:/topic/contract-fence", "receipt:goes-on"], "");
        Assert.DoesNotContain(await raw.UntilReceiptAsync("goes-on"), f => f.Command == "ERROR");
        return error;
    }
}
