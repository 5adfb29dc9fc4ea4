using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Capabilities.Signing;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch.Signing;

public sealed class SignatureHeadersTests
{
    private const string Body = """{"msg_type":"work","a":"é"}""";

    private static readonly SigningKey Key = SignedFrame.Key("web-2026");

    [Fact]
    public void A_signature_is_what_the_page_says_it_is()
    {
        // Made by the Python of the page: six parts, each behind its length.
        var mac = RequestSignature.Compute(Enumerable.Repeat((byte)1, 32).ToArray(), "web-2026", "/queue/epicprod.ops", "1767225600", new string('a', 32), "{}"u8);

        Assert.Equal("a30a0368dae51c966ded4dd9d40d30d16ac61ef2cde71b78d64376f4108b8b08", Convert.ToHexStringLower(mac));
    }

    [Fact]
    public void What_is_not_signed_is_neither_right_nor_wrong()
    {
        Assert.Null(SignatureHeaders.TryRead([new("destination", "/queue/x"), new("Ops-Key", "a"), new("ops-keys", "b")], out var fault));
        Assert.Null(fault);
    }

    [Fact]
    public void A_right_one_is_right()
    {
        var headers = Read(SignedFrame.Sign(Key, Body));

        Assert.Equal(("web-2026", SignedFrame.Now), (headers.KeyId, headers.SignedAt));
        Assert.True(headers.IsRight(Key.Secret, SignedFrame.Queue, Encoding.UTF8.GetBytes(Body)));
    }

    [Fact]
    public void Any_changed_byte_of_the_body_is_refused()
    {
        var headers = Read(SignedFrame.Sign(Key, Body));
        var body = Encoding.UTF8.GetBytes(Body);
        Prop.ForAll(Gen.Choose(0, body.Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (at, by) =>
        {
            var changed = (byte[])body.Clone();
            changed[at] ^= (byte)by;
            return !headers.IsRight(Key.Secret, SignedFrame.Queue, changed);
        }).QuickCheckThrowOnFailure();
        Assert.False(headers.IsRight(Key.Secret, SignedFrame.Queue, body.AsSpan(1)));
        Assert.False(headers.IsRight(Key.Secret, SignedFrame.Queue, [.. body, 0]));
    }

    [Fact]
    public void Any_changed_character_of_a_header_is_refused_or_not_right()
    {
        var signed = SignedFrame.Sign(Key, Body);
        Prop.ForAll(Gen.Choose(0, 3).ToArbitrary(), Gen.Choose(0, 63).ToArbitrary(), Gen.Choose(0, 127).ToArbitrary(), (which, at, to) =>
        {
            var (name, value) = signed[which];
            at %= value.Length;
            if (value[at] == (char)to)
            {
                return true;
            }

            var changed = signed.ToList();
            changed[which] = new(name, value[..at] + (char)to + value[(at + 1)..]);
            return SignatureHeaders.TryRead(changed, out _) is not { } headers
                || !headers.IsRight(Key.Secret, SignedFrame.Queue, Encoding.UTF8.GetBytes(Body));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Another_key_or_another_queue_is_not_right()
    {
        var headers = Read(SignedFrame.Sign(Key, Body));

        Assert.False(headers.IsRight(SignedFrame.Key("web-2026", 2).Secret, SignedFrame.Queue, Encoding.UTF8.GetBytes(Body)));
        Assert.False(headers.IsRight(Key.Secret, "/queue/epicprod.op", Encoding.UTF8.GetBytes(Body)));
    }

    [Fact]
    public void What_one_part_ends_with_can_not_be_moved_into_the_next()
    {
        byte[] Of(string queue, string time) => RequestSignature.Compute(Key.Secret, "k", queue, time, "n", "{}"u8);

        Assert.NotEqual(Of("/queue/x1", "23"), Of("/queue/x", "123"));
    }

    [Theory]
    [InlineData(RequestSignature.KeyHeader)]
    [InlineData(RequestSignature.TimeHeader)]
    [InlineData(RequestSignature.NonceHeader)]
    [InlineData(RequestSignature.MacHeader)]
    public void Each_header_is_there_once(string name)
    {
        var signed = SignedFrame.Sign(Key, Body);

        Assert.Null(SignatureHeaders.TryRead([.. signed, signed.Single(h => h.Key == name)], out var fault));
        Assert.EndsWith("is there more than once", fault, StringComparison.Ordinal);
        Assert.Null(SignatureHeaders.TryRead([.. signed.Where(h => h.Key != name)], out fault));
        Assert.EndsWith("is missing", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestSignature.KeyHeader, "")]
    [InlineData(RequestSignature.KeyHeader, "../web")]
    [InlineData(RequestSignature.KeyHeader, "-web")]
    [InlineData(RequestSignature.KeyHeader, "Web")]
    [InlineData(RequestSignature.KeyHeader, "web\n")]
    [InlineData(RequestSignature.TimeHeader, "-1")]
    [InlineData(RequestSignature.TimeHeader, "01767225600")]
    [InlineData(RequestSignature.TimeHeader, "176722560000")]
    [InlineData(RequestSignature.TimeHeader, "1767225600.0")]
    [InlineData(RequestSignature.TimeHeader, "١٧٦٧٢٢٥٦٠٠")]
    [InlineData(RequestSignature.NonceHeader, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(RequestSignature.NonceHeader, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(RequestSignature.NonceHeader, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(RequestSignature.MacHeader, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(RequestSignature.MacHeader, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(RequestSignature.MacHeader, "00")]
    [InlineData(RequestSignature.MacHeader, "")]
    public void What_has_not_its_form_is_refused(string name, string value)
    {
        var wrong = SignedFrame.Sign(Key, Body).Select(h => h.Key == name ? new(name, value) : h).ToList();

        Assert.Null(SignatureHeaders.TryRead(wrong, out var fault));
        Assert.EndsWith("has not its form", fault, StringComparison.Ordinal);
    }

    private static SignatureHeaders Read(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var read = SignatureHeaders.TryRead(headers, out var fault);
        Assert.Null(fault);
        return read!;
    }
}
