using System.Text;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Doors;
using OpsAgent.Doers.Facility.Rucio;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// Rucio's stream of replicas, up to the order of the doors. In pieces of any size it reads as in one; what is no such stream is
/// one of the documented failures.
/// </summary>
internal sealed class ReplicaLines : ITarget
{
    public const string Title = "replicas";

    private static readonly Did Did = new("group.EIC", "log.tgz");

    private static readonly string[] Values =
    [
        "null", "1", "-1", "1e400", "9223372036854775808", "true", "\"\"", "\"x\"", "\"AVAILABLE\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "[1]", "{}", "{\"BNL\":\"AVAILABLE\"}",
        "{\"root://h:1094//a\":{\"rse\":\"BNL\",\"priority\":1}}", "{\"https://h/a\":{\"rse\":\"BNL\",\"priority\":2},\"root://h//a\":{}}",
        "{\"davs://u:p@h:8443/a b\":{\"rse\":\"X\"}}", "{\"file:///etc/passwd\":{}}", "{\"\":1}", "{\"root://-h/..\":{\"rse\":\"\\u202e\"}}",
    ];

    private static readonly string[] Keys = ["scope", "name", "bytes", "pfns", "states", "rses", "adler32", "ExceptionClass", "ExceptionMessage", "pfns"];

    private readonly byte[][] _seeds = SeedFiles.Of(Title);

    private readonly Mutator _mutator = new(
        "{", "}", "[", "]", "\"", ",", ":", "\n", "\r\n", "\\", "\\ud800", "{}\n", "null\n", "\"pfns\":{}", "\"bytes\":", "1e400", "\uFEFF", " \t\n", "\"ExceptionClass\":\"X\"");

    public string Name => Title;

    public long AllocationLimit => 64 << 20;

    public byte[] Make(Dice dice)
    {
        var made = dice.OneIn(3) ? _seeds[dice.Below(_seeds.Length)] : Lines(dice);
        return dice.OneIn(2) ? made : _mutator.Damage(made, _seeds[dice.Below(_seeds.Length)], dice);
    }

    public bool Run(byte[] input)
    {
        var whole = Read(new MemoryStream(input, writable: false), out var replicas);
        var cut = Read(new CutStream(input, Dice.Of(input)), out _);
        BrokenRuleException.Unless(whole == cut, whole == cut ? "" : $"cut it reads otherwise:\n{whole}\nand cut\n{cut}");
        if (replicas is null)
        {
            return false;
        }

        BrokenRuleException.Unless(replicas.Count <= 1000, $"{replicas.Count} replicas");
        var doors = DoorOrder.Of(replicas);
        BrokenRuleException.Unless(
            doors.All(static d => d.Url.StartsWith("root", StringComparison.Ordinal) || d.Url.StartsWith("https://", StringComparison.Ordinal)), "a door of another kind");
        _ = DoorOrder.WhyNone(replicas);
        return true;
    }

    public void Dispose()
    {
    }

    private static string Read(Stream stream, out IReadOnlyList<Replica>? replicas)
    {
        replicas = null;
        using (stream)
        {
            try
            {
                // Never waits: the streams are in memory.
                replicas = ReplicaStream.ReadAsync(stream, Did, CancellationToken.None).GetAwaiter().GetResult();
                return string.Join('\n', replicas);
            }
            catch (DoerException e)
            {
                BrokenRuleException.Unless(
                    e.Exit is DoerExit.RucioAnswerBad or DoerExit.RucioRefused or DoerExit.UnknownDid, $"no failure of Rucio's: {e.Exit}");
                BrokenRuleException.Unless(e.Message.Length < 1000 && !e.Message.Any(char.IsControl), $"no line tells of it: {e.Message}");
                return $"{e.Exit} {e.Message}";
            }
        }
    }

    private static byte[] Lines(Dice dice)
    {
        var text = new StringBuilder();
        for (var lines = dice.Between(1, 4); lines > 0; lines--)
        {
            text.Append('{');
            var comma = "";
            for (var keys = dice.Between(0, 6); keys > 0; keys--)
            {
                text.Append(comma).Append('"').Append(dice.Of<string>(Keys)).Append("\":").Append(dice.Of<string>(Values));
                comma = ",";
            }

            text.Append('}').Append(dice.Of("\n", "\r\n", "\n\n", ""));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
