using System.Text;
using OpsAgent.Toml;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Unit.Toml;

/// <summary>Whatever the bytes are, the reader ends soon, with a table or with a place inside the document.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const string Pieces = "[]{}=.,#\"'\\\n\r\t _-+:0179aeTZuUxé\0\uFEFF";

    /// <summary>Far longer than any of this takes on a slow machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public Task A_damaged_document_is_read_or_refused_and_nothing_else() => EndsAsync(() =>
    {
        byte[][] seeds = [Encoding.UTF8.GetBytes(ProdopsSample.Text), .. Suite()];
        var (read, refused) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var random = new Random(round);
            var document = Damage(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
            try
            {
                TomlDocument.Parse(document);
                read++;
            }
            catch (TomlException refusal)
            {
                refused++;
                Assert.True(Place.IsInside(refusal.Position, document), $"round {round}: {refusal.Message} is not inside");
            }
            catch (Exception other)
            {
                throw new InvalidOperationException($"round {round}: {Convert.ToBase64String(document)}", other);
            }
        }

        output.WriteLine($"{seeds.Length} documents, {read} damaged ones read, {refused} refused");
        Assert.True(read > 100 && refused > 100, $"too little or too much damage: {read} read, {refused} refused");
    });

    [Theory]
    [InlineData("a{0} = 1\n")]
    [InlineData("[a{0}]\n")]
    [InlineData("[[a]]\n[a.b]\n")]
    [InlineData("[[a.a.a.a.a.a.a.a]]\n")]
    [InlineData("a.a{0}.b.c.d = {}\n")]
    [InlineData("\n")]
    [InlineData("#")]
    [InlineData(" ")]
    [InlineData("a{0} = \"\"\"\\\n\n\"\"\"\n")]
    [InlineData("a{0} = [1,[2,[3]]]\n")]
    public Task A_document_of_the_largest_size_is_read_soon(string line) => EndsAsync(() => TomlDocument.Parse(Fill("", line)));

    [Theory]
    [InlineData("a = [", "1,")]
    [InlineData("a = [", "\n#\n1 ,")]
    [InlineData("a = { ", "a{0}.b=1, ")]
    [InlineData("a = \"", "\\u0041")]
    [InlineData("a = '''", "''\n")]
    [InlineData("a = \"\"\"", "\\\n \"\"")]
    [InlineData("a = ", "1")]
    [InlineData("a = 0.", "1_1")]
    [InlineData("a = ", "\u202E")]
    [InlineData("", "a.")]
    [InlineData("", "\"\".")]
    [InlineData("[[", "a.")]
    [InlineData("a = 2000-01-01 00:00:00.", "1")]
    [InlineData("a = 2000-01-01 1", "1")]
    public Task A_document_of_the_largest_size_that_never_closes_is_refused_soon(string beginning, string rest) =>
        EndsAsync(() => Assert.Throws<TomlException>(() => TomlDocument.Parse(Fill(beginning, rest) + "\n=")));

    private static async Task EndsAsync(Action action) => await Task.Run(action).WaitAsync(Limit, TimeProvider.System);

    private static string Fill(string beginning, string piece)
    {
        var text = new StringBuilder(beginning);
        var bytes = beginning.Length;
        for (var n = 0; ; n++)
        {
            var next = piece.Replace("{0}", $"{n}", StringComparison.Ordinal);
            bytes += Encoding.UTF8.GetByteCount(next);
            if (bytes >= TomlDocument.MaxBytes - 10)
            {
                return text.ToString();
            }

            text.Append(next);
        }
    }

    private IEnumerable<byte[]> Suite() => ConformanceData.Cases("valid", output.WriteLine).Select(File.ReadAllBytes);

    private static byte[] Damage(byte[] document, byte[] other, Random random)
    {
        List<byte> bytes = [.. document];
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)].ToString()));
                    break;
                case 3 when length > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 4 when other.Length > 0:
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 60))]);
                    break;
                case 5 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 6 when bytes.Count > 0:
                    bytes.Insert(at, bytes[random.Next(bytes.Count)]);
                    break;
                default:
                    bytes.Insert(at, (byte)'\n');
                    break;
            }
        }

        return [.. bytes];
    }
}
