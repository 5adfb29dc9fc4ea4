using System.Security.Cryptography;
using System.Text;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// A proxy file, damaged in its text or within the DER of a block. It is refused with its own exit code, or it is a certificate
/// with its key that is valid now; and nothing of it is ever told.
/// </summary>
internal sealed class ProxyPem : ITarget
{
    public const string Title = "proxy-pem";

    private static readonly DateTime Now = new(2027, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Labels =
        ["CERTIFICATE", "RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY", "X509 CRL", "", "TRUSTED CERTIFICATE"];

    private readonly byte[][] _seeds = SeedFiles.Of(Title);

    private readonly Mutator _text = new(
        "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "-----BEGIN RSA PRIVATE KEY-----\n", "-----", "=", "==", "\n", "\r\n", " ", "MII", "\0", "é",
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n");

    private readonly Mutator _der = new();

    public string Name => Title;

    public long AllocationLimit => 64 << 20;

    public byte[] Make(Dice dice)
    {
        var seed = _seeds[dice.Below(_seeds.Length)];
        if (dice.OneIn(3))
        {
            return _text.Damage(seed, _seeds[dice.Below(_seeds.Length)], dice);
        }

        var blocks = Blocks(Encoding.UTF8.GetString(seed));
        for (var times = dice.Between(1, 3); times > 0 && blocks.Count > 0; times--)
        {
            Change(blocks, dice);
        }

        return Encoding.UTF8.GetBytes(string.Concat(blocks.Select(static b => $"-----BEGIN {b.Label}-----\n{Lines(b.Der)}-----END {b.Label}-----\n")));
    }

    public bool Run(byte[] input)
    {
        try
        {
            using var proxy = ProxyCredential.Parse("p", Encoding.UTF8.GetString(input), Now);
            BrokenRuleException.Unless(proxy.Certificate.HasPrivateKey, "a proxy without its key");
            BrokenRuleException.Unless(proxy.Ends > Now, "a proxy that has ended");
            return true;
        }
        catch (DoerException e)
        {
            BrokenRuleException.Unless(e.Exit is DoerExit.ProxyUnusable or DoerExit.ProxyExpired, $"no failure of a proxy: {e.Exit}");
            BrokenRuleException.Unless(!e.Message.Contains("MII", StringComparison.Ordinal), "the file's content is told");
            return false;
        }
    }

    public void Dispose()
    {
    }

    private void Change(List<(string Label, byte[] Der)> blocks, Dice dice)
    {
        var at = dice.Below(blocks.Count);
        switch (dice.Below(6))
        {
            case 0:
                blocks.RemoveAt(at);
                break;
            case 1:
                blocks.Add(blocks[at]);
                break;
            case 2:
                blocks.Reverse();
                break;
            case 3:
                blocks[at] = (dice.Of<string>(Labels), blocks[at].Der);
                break;
            default:
                blocks[at] = (blocks[at].Label, _der.Damage(blocks[at].Der, blocks[dice.Below(blocks.Count)].Der, dice));
                break;
        }
    }

    private static List<(string Label, byte[] Der)> Blocks(string pem)
    {
        var blocks = new List<(string, byte[])>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            blocks.Add((rest[fields.Label].ToString(), Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }

        return blocks;
    }

    private static string Lines(byte[] der) =>
        string.Concat(Convert.ToBase64String(der).Chunk(64).Select(static line => new string(line) + "\n"));
}
