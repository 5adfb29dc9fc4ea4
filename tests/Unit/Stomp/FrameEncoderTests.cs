using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Connection;
using OpsAgent.Stomp.Protocol;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class FrameEncoderTests
{
    [Fact]
    public void CONNECT_carries_what_the_options_say_and_escapes_nothing() => Assert.Equal(
        "CONNECT\naccept-version:1.1,1.2\nhost:/prod\nlogin:o:p\\s\npasscode:a:b\\n\nclient-id:agent\nheart-beat:10000,5000\n\n\0",
        Wire(o => ClientFrames.Connect(o, Options, new StompEndpoint("broker", 1))));

    [Fact]
    public void CONNECT_names_the_endpoint_as_host_and_leaves_out_what_is_not_set() => Assert.Equal(
        "CONNECT\naccept-version:1.0,1.1,1.2\nhost:broker\nheart-beat:10000,10000\n\n\0",
        Wire(o => ClientFrames.Connect(o, new StompClientOptions { Endpoints = [] }, new StompEndpoint("broker", 1))));

    [Theory]
    [InlineData("1.2", @"a\n\r\c\\")]
    [InlineData("1.1", "a\\n\r\\c\\\\")]
    public void Header_values_are_escaped_as_their_version_says(string version, string wire) =>
        Assert.Equal($"SEND\ndestination:/queue/a\nfoo:{wire}\n\nhi\0", Wire(o => Send(o, version, Outgoing with { Headers = [new("foo", "a\n\r:\\")] })));

    [Fact]
    public void In_1_0_nothing_is_escaped_and_what_would_need_it_is_refused()
    {
        Assert.Equal("SEND\ndestination:/queue/a\nfoo:a:\\\n\nhi\0", Wire(o => Send(o, "1.0", Outgoing with { Headers = [new("foo", "a:\\")] })));
        Assert.Throws<ArgumentException>(() => Wire(o => Send(o, "1.0", Outgoing with { Headers = [new("foo", "a\nb:c")] })));
        Assert.Throws<ArgumentException>(() => Wire(o => Send(o, "1.0", Outgoing with { Headers = [new("fo:o", "a")] })));
    }

    [Fact]
    public void Content_length_counts_bytes() => Assert.Equal(
        "SEND\ndestination:/queue/a\ncontent-length:4\n\nä\0b\0",
        Wire(o => Send(o, "1.2", Outgoing with { Body = Encoding.UTF8.GetBytes("ä\0b"), ContentLength = true })));

    [Fact]
    public void A_body_with_NUL_is_refused_without_content_length() =>
        Assert.Throws<ArgumentException>(() => Wire(o => Send(o, "1.2", Outgoing with { Body = "a\0b"u8.ToArray() })));

    [Theory]
    [InlineData("destination")]
    [InlineData("receipt")]
    [InlineData("content-length")]
    [InlineData("")]
    public void Headers_that_are_the_clients_own_are_refused(string name) =>
        Assert.Throws<ArgumentException>(() => Wire(o => Send(o, "1.2", Outgoing with { Headers = [new(name, "1")] })));

    [Theory]
    [InlineData("1.2", "ACK\nid:a\\c1\n\n\0")]
    [InlineData("1.1", "ACK\nmessage-id:m1\nsubscription:3\n\n\0")]
    [InlineData("1.0", "ACK\nmessage-id:m1\n\n\0")]
    public void An_ACK_names_the_message_as_its_version_wants_it(string version, string wire)
    {
        var message = new StompMessage(new StompHeaders([new("message-id", "m1"), new("subscription", "3"), new("ack", "a:1")]), default);

        Assert.Equal(wire, Wire(o => Assert.True(ClientFrames.Answer(o, Frames.Version(version), StompCommand.Ack, message))));
    }

    [Fact]
    public void No_NACK_is_written_in_1_0()
    {
        var message = new StompMessage(new StompHeaders([new("message-id", "m1")]), default);

        Assert.Equal("", Wire(o => Assert.False(ClientFrames.Answer(o, StompVersion.V10, StompCommand.Nack, message))));
    }

    private static StompClientOptions Options => new()
    {
        Endpoints = [],
        Login = @"o:p\s",
        Passcode = "a:b\\n",
        VirtualHost = "/prod",
        ClientId = "agent",
        AcceptVersions = ["1.1", "1.2"],
        HeartBeatReceive = TimeSpan.FromSeconds(5),
    };

    private static StompOutgoing Outgoing => new() { Destination = "/queue/a", Body = "hi"u8.ToArray() };

    private static void Send(SendBuffer output, string version, StompOutgoing message) => ClientFrames.Send(output, Frames.Version(version), message, null);

    private static string Wire(Action<SendBuffer> write)
    {
        var output = new SendBuffer();
        write(output);
        return Encoding.UTF8.GetString(output.Written.Span);
    }
}
