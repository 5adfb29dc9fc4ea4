using System.Text;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Capabilities.Signing;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// The headers of a frame, a line each, then the body: as a signer makes them, or damaged. What is read has its form and no header of its
/// own twice; it is right with the signer's key exactly if nothing that is signed was changed.
/// </summary>
internal sealed class SignedHeaders : ITarget
{
    public const string Title = "signature";

    private const string Queue = "/queue/epicprod.ops";
    private static readonly SigningKey Key = new("web-2026", new byte[SigningKey.MinBytes]);
    private static readonly string[] Ours = [RequestSignature.KeyHeader, RequestSignature.TimeHeader, RequestSignature.NonceHeader, RequestSignature.MacHeader];

    private readonly byte[][] _seeds = SeedFiles.Of(Title);

    private readonly Mutator _mutator = new(
        "ops-key:", "ops-time:", "ops-nonce:", "ops-mac:", "OPS-MAC:", "web-2026", "0", "+1", "-1", "99999999999", "\n", " ", "\t", "\0", "é", "A",
        "٣", "content-length:0\n", new string('a', 64), "\n\n");

    public string Name => Title;

    public long AllocationLimit => 16 << 20;

    public byte[] Make(Dice dice)
    {
        var (made, other) = (dice.OneIn(3) ? _seeds[dice.Below(_seeds.Length)] : Signed(dice), Signed(dice));
        return dice.OneIn(5) ? made : _mutator.Damage(made, other, dice);
    }

    public bool Run(byte[] input)
    {
        var (headers, body) = Split(input);
        var read = SignatureHeaders.TryRead(headers, out var fault);
        var own = headers.Where(static h => Ours.Contains(h.Key)).ToArray();
        BrokenRuleException.Unless(read is null || fault is null, "both read and at fault");
        BrokenRuleException.Unless(
            own.Length == 0 ? read is null && fault is null : read is not null || fault is { Length: > 0 }, "signed or not is not said");
        if (read is null)
        {
            return false;
        }

        BrokenRuleException.Unless(own.Length == 4 && own.Select(static h => h.Key).Distinct().Count() == 4, "a header is missing or there twice");
        var (id, time, nonce, mac) = (Value(own, 0), Value(own, 1), Value(own, 2), Value(own, 3));
        BrokenRuleException.Unless(
            (id, nonce) == (read.KeyId, read.Nonce) && KeyId.IsValid(id) && nonce.Length is >= 32 and <= 64 && mac.Length == 64
            && (nonce + mac).All(char.IsAsciiHexDigitLower) && time.All(char.IsAsciiDigit) && time == $"{read.SignedAt.ToUnixTimeSeconds()}",
            "one that has not its form");
        CheckCode(read, Convert.FromHexString(mac), time, body);
        return true;
    }

    public void Dispose()
    {
    }

    /// <summary>The code alone decides, and each part of what is signed changes it.</summary>
    private static void CheckCode(SignatureHeaders read, byte[] mac, string time, byte[] body)
    {
        var right = RequestSignature.Compute(Key.Secret, read.KeyId, Queue, time, read.Nonce, body).AsSpan().SequenceEqual(mac);
        BrokenRuleException.Unless(read.IsRight(Key.Secret, Queue, body) == right, "right with another code, or wrong with its own");
        if (!right)
        {
            return;
        }

        var secret = Key.Secret.ToArray();
        secret[^1] ^= 1;
        BrokenRuleException.Unless(!read.IsRight(secret, Queue, body), "right with another key");
        BrokenRuleException.Unless(!read.IsRight(Key.Secret, Queue + "2", body), "right for another queue");
        BrokenRuleException.Unless(!read.IsRight(Key.Secret, Queue, [.. body, 0]), "right for a longer body");
        for (var at = 0; at < Math.Min(body.Length, 64); at++)
        {
            byte[] changed = [.. body];
            changed[at] ^= (byte)(1 << (at % 8));
            BrokenRuleException.Unless(!read.IsRight(Key.Secret, Queue, changed), "right for another body");
        }
    }

    private static byte[] Signed(Dice dice)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"msg_type":"work","n":{{dice.Below(1_000)}}}""");
        var nonce = string.Concat(Enumerable.Range(0, dice.Between(16, 32)).Select(_ => dice.Below(256).ToString("x2", null)));
        var time = $"{1_700_000_000 + dice.Below(1_000_000)}";
        var mac = Convert.ToHexStringLower(RequestSignature.Compute(Key.Secret, Key.Id, Queue, time, nonce, body));
        return
        [
            .. Encoding.UTF8.GetBytes($"destination:{Queue}\nops-key:{Key.Id}\nops-time:{time}\nops-nonce:{nonce}\nops-mac:{mac}\n\n"),
            .. body,
        ];
    }

    private static (KeyValuePair<string, string>[] Headers, byte[] Body) Split(byte[] input)
    {
        var end = input.AsSpan().IndexOf("\n\n"u8);
        var (head, body) = end < 0 ? (input, Array.Empty<byte>()) : (input[..end], input[(end + 2)..]);
        return ([.. Encoding.UTF8.GetString(head).Split('\n').Select(static l => l.Split(':', 2)).Where(static p => p.Length == 2)
            .Select(static p => KeyValuePair.Create(p[0], p[1]))], body);
    }

    private static string Value(KeyValuePair<string, string>[] own, int which) => Array.Find(own, h => h.Key == Ours[which]).Value;
}
