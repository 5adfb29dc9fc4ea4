using System.Text;
using OpsAgent.Stomp.Broker;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

/// <summary>Each is answered with ERROR and a close, and the broker goes on serving others.</summary>
public sealed class MalformedFrameTests : IAsyncLifetime
{
    private static readonly StompBrokerLimits Small = new() { MaxHeaders = 10, MaxHeaderBytes = 1000, MaxBodyBytes = 2000 };
    private StompBroker? _broker;
    private RawPeer? _other;

    public async Task InitializeAsync()
    {
        _broker = await BrokerUnderTest.StartAsync(Small);
        _other = await RawPeer.ConnectedAsync(_broker);
        await _other.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/other");
    }

    public async Task DisposeAsync()
    {
        _other?.Dispose();
        await _broker!.DisposeAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "does not begin with a STOMP command")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "does not begin with a STOMP command")]
    [InlineData("connect\n\n\0", "does not begin with a STOMP command")]
    [InlineData("SEND\ndestination:/queue/a\n\nx\0", "the first frame is CONNECT or STOMP, not SEND")]
    [InlineData("CONNECTED\nversion:1.2\n\n\0", "the first frame is CONNECT or STOMP, not CONNECTED")]
    [InlineData("CONNECT\nhost\n\n\0", "has no colon")]
    [InlineData("CONNECT\naccept-version:1.2\nheart-beat:often\n\n\0", "heart-beat is not two numbers")]
    [InlineData("CONNECT\naccept-version:1.2\nheart-beat:-1,0\n\n\0", "heart-beat is not two numbers")]
    [InlineData("CONNECT\naccept-version:1.2\ncontent-length:5000\n\n", "a Connect frame has a body of more than 1024 bytes")]
    [InlineData("SEND\ncontent-length:1900\n\n", "a Send frame has a body of more than 1024 bytes")]
    [InlineData("CONNECT\na:1\na:2\na:3\na:4\na:5\na:6\na:7\na:8\na:9\na:10\na:11\n\n\0", "more than 10 headers")]
    public Task Before_CONNECTED(string wire, string error) => IsRefusedAsync(peer => peer.SendAsync(Encoding.Latin1.GetBytes(wire)), error, connect: null);

    [Theory]
    [InlineData("1.2", "HELLO\n\n\0", "does not begin with a STOMP command")]
    [InlineData("1.2", "MESSAGE\nmessage-id:1\n\n\0", "MESSAGE makes no sense here")]
    [InlineData("1.2", "ERROR\n\n\0", "ERROR makes no sense here")]
    [InlineData("1.2", "CONNECT\naccept-version:1.2\n\n\0", "CONNECT makes no sense here")]
    [InlineData("1.0", "NACK\nmessage-id:1\n\n\0", "NACK makes no sense here (STOMP 1.0)")]
    [InlineData("1.2", "SEND\ndestination\n\n\0", "has no colon")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\n:x\n\n\0", "a header has no name")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\nx:a\\tb\n\n\0", "escape sequence")]
    [InlineData("1.1", "SEND\ndestination:/queue/a\nx:a\\rb\n\n\0", "escape sequence")]
    [InlineData("1.1", "SEND\ndestination:/queue/a\nx:a\\\n\n\0", "escape sequence")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\ncontent-length:two\n\nxx\0", "content-length is no number")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\ncontent-length:-2\n\nxx\0", "content-length is no number")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\ncontent-length:1\n\nxx\0", "no NUL after the 1 bytes")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\ncontent-length:2001\n\n", "a Send frame has a body of more than 2000 bytes")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\ncontent-length:9223372036854775807\n\n", "a Send frame has a body of more than 2000 bytes")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\na:1\na:2\na:3\na:4\na:5\na:6\na:7\na:8\na:9\na:10\n\n\0", "more than 10 headers")]
    [InlineData("1.2", "SEND\n\nx\0", "SEND needs the header destination")]
    [InlineData("1.2", "SEND\ndestination:\n\nx\0", "SEND needs the header destination")]
    [InlineData("1.2", "SEND\ndestination:a\n\nx\0", "a destination is /queue/NAME or /topic/NAME, not a")]
    [InlineData("1.2", "SEND\ndestination:/queue/\n\nx\0", "a destination is /queue/NAME or /topic/NAME, not /queue/")]
    [InlineData("1.2", "SEND\ndestination:/temp-queue/a\n\nx\0", "a destination is /queue/NAME or /topic/NAME, not /temp-queue/a")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\\nb\n\nx\0", "a destination is /queue/NAME or /topic/NAME, not /queue/a?b")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\nexpires:soon\n\nx\0", "expires is no number")]
    [InlineData("1.2", "SEND\ndestination:/queue/a\ntransaction:t\n\nx\0", "there is no transaction t")]
    [InlineData("1.2", "SUBSCRIBE\nid:1\n\n\0", "SUBSCRIBE needs the header destination")]
    [InlineData("1.2", "SUBSCRIBE\ndestination:/queue/a\n\n\0", "SUBSCRIBE needs the header id")]
    [InlineData("1.2", "SUBSCRIBE\nid:1\ndestination:/queue/a\nack:maybe\n\n\0", "ack is auto, client or client-individual, not maybe")]
    [InlineData("1.2", "SUBSCRIBE\nid:1\ndestination:/queue/a\nactivemq.prefetchSize:0\n\n\0", "activemq.prefetchSize is a number of messages")]
    [InlineData("1.2", "SUBSCRIBE\nid:1\ndestination:/queue/a\nselector:a=1\n\n\0", "this broker knows no selectors")]
    [InlineData("1.2", "SUBSCRIBE\nid:1\ndestination:/queue/a\n\n\0SUBSCRIBE\nid:1\ndestination:/queue/b\n\n\0", "there is a subscription 1 already")]
    [InlineData("1.2", "SUBSCRIBE\nid:1\ndestination:/queue/a\n\nbody\0", "only a SEND frame has a body")]
    [InlineData("1.2", "UNSUBSCRIBE\n\n\0", "UNSUBSCRIBE needs the header id")]
    [InlineData("1.0", "UNSUBSCRIBE\n\n\0", "UNSUBSCRIBE needs the header destination")]
    [InlineData("1.2", "UNSUBSCRIBE\nid:7\n\n\0", "there is no subscription 7")]
    [InlineData("1.0", "UNSUBSCRIBE\ndestination:/queue/a\n\n\0", "there is no subscription /queue/a")]
    [InlineData("1.2", "ACK\nmessage-id:1\n\n\0", "ACK needs the header id")]
    [InlineData("1.1", "ACK\nmessage-id:1\n\n\0", "ACK needs the header subscription")]
    [InlineData("1.1", "NACK\nsubscription:1\n\n\0", "NACK needs the header message-id")]
    [InlineData("1.0", "ACK\n\n\0", "ACK needs the header message-id")]
    [InlineData("1.2", "ACK\nid:none\n\n\0", "no message waits for an answer to none")]
    [InlineData("1.2", "BEGIN\n\n\0", "BEGIN needs the header transaction")]
    [InlineData("1.2", "COMMIT\n\n\0", "COMMIT needs the header transaction")]
    [InlineData("1.2", "ABORT\n\n\0", "ABORT needs the header transaction")]
    [InlineData("1.2", "ABORT\ntransaction:t\n\n\0", "there is no transaction t")]
    [InlineData("1.2", "BEGIN\ntransaction:t\n\n\0BEGIN\ntransaction:t\n\n\0", "the transaction t has begun already")]
    public Task After_CONNECTED(string version, string wire, string error) => IsRefusedAsync(peer => peer.SendAsync(wire), error, version);

    [Fact]
    public Task A_body_without_a_length_that_never_ends() => IsRefusedAsync(
        peer => peer.SendAsync("SEND\ndestination:/queue/a\n\n" + new string('x', 5000)),
        "a Send frame has a body of more than 2000 bytes",
        "1.2");

    [Fact]
    public Task A_header_that_never_ends() => IsRefusedAsync(
        peer => peer.SendAsync("SEND\ndestination:" + new string('x', 5000)),
        "the headers of a Send frame exceed 1000 bytes",
        "1.2");

    [Fact]
    public Task Rubbish() => IsRefusedAsync(
        peer =>
        {
            var rubbish = new byte[3000];
            new Random(1).NextBytes(rubbish);
            return peer.SendAsync(rubbish);
        },
        "does not begin with a STOMP command",
        "1.2");

    [Theory]
    [InlineData("SEND\nreceipt:r1\ndestination:nowhere\n\nx\0")]
    [InlineData("SEND\nreceipt:r1\ndestination:/queue/a\nx:\\q\n\nx\0")]
    [InlineData("SEND\nreceipt:r1\ndestination:/queue/a\ncontent-length:2001\n\n")]
    [InlineData("ACK\nid:7\nreceipt:r1\n\n\0")]
    public async Task The_ERROR_names_the_receipt_of_the_frame_that_caused_it(string wire)
    {
        using var peer = await RawPeer.ConnectedAsync(_broker!);
        await peer.SendAsync(wire);

        Assert.Equal("r1", (await peer.ExpectErrorAsync("")).Headers.Get("receipt-id"));
    }

    [Fact]
    public async Task The_ERROR_does_not_name_the_receipt_of_the_frame_before()
    {
        using var peer = await RawPeer.ConnectedAsync(_broker!);
        await peer.SendAsync("SEND\nreceipt:r1\ndestination:/queue/a\n\nx\0RUBBISH\n\n\0");
        await peer.ExpectAsync("RECEIPT");

        Assert.Null((await peer.ExpectErrorAsync("")).Headers.Get("receipt-id"));
    }

    [Fact]
    public async Task The_ERROR_reaches_who_goes_on_sending()
    {
        using var peer = await RawPeer.ConnectedAsync(_broker!);
        await peer.SendAsync("SEND\n\nx\0" + new string('x', 100_000));
        await peer.SendAsync(new string('x', 100_000));

        await peer.ExpectErrorAsync("SEND needs the header destination");
    }

    [Fact]
    public async Task What_a_reset_cuts_off_is_nothing()
    {
        using (var peer = await RawPeer.ConnectedAsync(_broker!))
        {
            await peer.SendAsync("SEND\ndestination:/queue/a\n\nno end");
            peer.Drop();
        }

        await OtherIsServedAsync();
        Assert.Equal(["/queue/other"], _broker!.Queues.Select(q => q.Destination));
    }

    private async Task IsRefusedAsync(Func<RawPeer, Task> send, string error, string? connect)
    {
        using var peer = connect is null ? await RawPeer.OpenAsync(_broker!) : await RawPeer.ConnectedAsync(_broker!, connect);
        await send(peer);
        await peer.ExpectErrorAsync(error);
        await OtherIsServedAsync();
    }

    private async Task OtherIsServedAsync()
    {
        await _other!.PublishAsync("/queue/other", "still there");
        Assert.Equal("still there", await _other.ExpectBodyAsync());
    }
}
