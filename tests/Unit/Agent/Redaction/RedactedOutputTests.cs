using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Agent.Redaction;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Redaction;

/// <summary>A stream comes in pieces of any length, in lines of any length: nothing slips through between them, and nothing else is lost.</summary>
public sealed class RedactedOutputTests
{
    private const string Known = "known/value+0123456789";

    private static readonly string[] Secrets =
    [
        Known, Convert.ToBase64String(Encoding.UTF8.GetBytes(Known)), "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJTRUNSRVQifQ.U0VDUkVU",
        "Authorization: Token SECRET", "Bearer SECRET", "password=SECRET", "\"access_token\": \"SECRET\"", "https://ops:SECRET@host/",
        "-----BEGIN PRIVATE KEY-----\nSECRETSECRETSECRETSECRETSECRET\nSECRET==\n-----END PRIVATE KEY-----",
    ];

    private static readonly string[] Others =
        ["35001\n", "a line\n", "\n", " ", "\r\n", "x=1 ", "\u00e4\u20ac\n", "ERROR: no\n", "root://h//f ", "\0", "\u001b[1m"];

    private static readonly Redactor Redactor = new(new KnownSecrets([Known]));

    [Fact]
    public void In_whatever_pieces_it_comes_no_secret_is_passed_on() => Prop.ForAll(
        Arb.From(Gen.Elements(Secrets).SelectMany(s => Gen.Elements(Others).ListOf().SelectMany(a => Gen.Elements(Others).ListOf().SelectMany(
            b => Gen.Choose(1, 40).Select(size => ($"{string.Concat(a)}{s}\n{string.Concat(b)}", size)))))),
        ((string Text, int Size) sample) =>
        {
            var shown = Run(Encoding.UTF8.GetBytes(sample.Text), sample.Size);
            return !Holds(shown) && shown.Contains(Redactor.Mark, StringComparison.Ordinal) && shown == Run(Encoding.UTF8.GetBytes(sample.Text), 1_000_000);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Without_a_secret_every_byte_is_passed_on() => Prop.ForAll(
        Arb.From(Gen.Choose(0, 255).Select(static b => (byte)b).ArrayOf().SelectMany(
            noise => Gen.Elements(Others).ListOf().SelectMany(lines => Gen.Choose(1, 40).Select(
                size => (Encoding.UTF8.GetBytes(string.Concat(lines)).Concat(noise).ToArray(), size))))),
        ((byte[] Bytes, int Size) sample) => Bytes(sample.Bytes, sample.Size).AsSpan().SequenceEqual(sample.Bytes))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Wherever_a_line_without_end_is_cut_the_secret_in_it_is_not()
    {
        foreach (var secret in Secrets.Where(static s => !s.Contains('\n', StringComparison.Ordinal)))
        {
            // Over each of the places that the cut may be at, and the end of what is held at once.
            foreach (var cut in (int[])[RedactedOutput.LongestLine - (8 * 1024), RedactedOutput.LongestLine])
            {
                for (var before = cut - secret.Length - 2; before <= cut + 2; before++)
                {
                    var line = string.Concat(new string('.', before), " ", secret, "\" ", new string('.', RedactedOutput.LongestLine));
                    var shown = Run(Encoding.UTF8.GetBytes(line), 16 * 1024);
                    Assert.False(Holds(shown), $"{secret} after {before}");
                }
            }
        }
    }

    [Fact]
    public void A_line_without_end_passes_whole_and_its_memory_is_bounded()
    {
        var line = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 60_000).Select(static i => $"{i} ")));

        Assert.Equal(line, Bytes(line, 10_000));
    }

    [Fact]
    public void A_token_longer_than_what_is_held_goes_whole()
    {
        var token = "eyJ" + string.Concat(Enumerable.Repeat("SECRET", 50_000));

        Assert.Equal($"a {Redactor.Mark} b\nc\n", Run(Encoding.UTF8.GetBytes($"a {token} b\nc\n"), 9_999));
    }

    [Theory]
    [InlineData("password=")]
    [InlineData("\"token\"")]
    [InlineData("Authorization")]
    [InlineData("://")]
    [InlineData("eyJ ")]
    [InlineData("Bearer ")]
    [InlineData("Bearer%20auth=")]
    [InlineData(",\"password")]
    [InlineData(",\" token:")]
    [InlineData("{\"password:\\\"")]
    [InlineData("-----BEGIN ")]
    [InlineData("token:\\\"")]
    [InlineData("password='")]
    [InlineData("-----BEGIN PRIVATE KEY----- -----END ")]
    public async Task What_looks_like_the_beginning_of_one_over_and_over_costs_no_more_than_its_length(string mark)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(mark, 4_000_000 / mark.Length)));

        // Quadratic it would take hours.
        await Task.Run(() => Bytes(text, 16 * 1024)).WaitAsync(TimeSpan.FromMinutes(2));
        await Task.Run(() => Redactor.Text(Encoding.UTF8.GetString(text))).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Around_a_gap_half_lines_are_dropped_and_a_key_that_began_in_it_is_known_by_its_lines()
    {
        var line = Convert.ToBase64String(new byte[48]);
        var shown = Around(
            $"first\nhalf of {Known[..12]}",
            $"{Known[12..]} half\n{line}\n{line}\nkg==\n-----END PRIVATE KEY-----\n35001\n{line}\n");

        Assert.Equal($"first\n{Redactor.Mark}\n{Redactor.Mark}\n{Redactor.Mark}\n{Redactor.Mark}\n35001\n{line}\n", shown);
    }

    [Fact]
    public void Behind_a_gap_a_short_line_and_a_path_stay() =>
        Assert.Equal("35001\n/data/eic/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/log.tgz\n", Around("", "x\n35001\n/data/eic/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/log.tgz\n"));

    [Fact]
    public void Of_a_line_without_end_behind_a_gap_no_more_is_dropped_than_is_held_and_it_is_not_glued_to_the_one_before()
    {
        var before = new string('a', RedactedOutput.LongestLine);
        var shown = Around(before, new string('b', RedactedOutput.LongestLine) + "c 1\nend");

        Assert.Matches("^a+\nc 1\nend$", shown);
    }

    private static string Around(string before, string after)
    {
        using var passed = new MemoryStream();
        var output = new RedactedOutput(Redactor, piece => passed.Write(piece));
        output.Push(Encoding.UTF8.GetBytes(before));
        output.Skip();
        output.Push(Encoding.UTF8.GetBytes(after[..1]));
        output.Push(Encoding.UTF8.GetBytes(after[1..]));
        output.Complete();
        return Encoding.UTF8.GetString(passed.ToArray());
    }

    private static bool Holds(string shown) =>
        shown.Contains("SECRET", StringComparison.Ordinal) || shown.Contains(Known, StringComparison.Ordinal)
        || shown.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(Known))[..16], StringComparison.Ordinal);

    private static string Run(byte[] bytes, int size) => Encoding.UTF8.GetString(Bytes(bytes, size));

    private static byte[] Bytes(byte[] bytes, int size)
    {
        using var passed = new MemoryStream();
        var output = new RedactedOutput(Redactor, piece => passed.Write(piece));
        for (var at = 0; at < bytes.Length; at += size)
        {
            output.Push(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)));
        }

        output.Complete();
        return passed.ToArray();
    }
}
