using System.Text;
using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Capabilities;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz.Targets;

/// <summary>
/// The body of a message, up to the doer's command line, events and record of the manifest as it is shipped. Nothing throws, what
/// is told is one line, and no text of a message becomes an option.
/// </summary>
internal sealed class EnvelopeJson : ITarget
{
    public const string Title = "envelope";

    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeliveryId Delivery = new("ID:fuzz:1");

    private readonly byte[][] _seeds = SeedFiles.Of(Title);
    private readonly Envelope _envelope = new("prodops");
    private readonly Manifest _manifest;
    private readonly MessageGrammar _grammar;

    private readonly Mutator _mutator = new(
        "{", "}", "[", "]", "\"", ",", ":", "\\u0000", "\\ud800", "\\udc00", "\\u202e", "null", "true", "1e400", "-0", "-", "1E+9999999999",
        "\"msg_type\":", "\"namespace\":", "\"request_id\":\"a\",", "\uFEFF", "//", "/*", "NaN", "\\", "\t", "--", "../", "\"\":{},");

    public EnvelopeJson()
    {
        var reading = ManifestReader.Parse(
            Encoding.UTF8.GetString(SeedFiles.ShippedManifest()), "prodops.toml", new Dictionary<string, string>());
        _manifest = reading.Manifest ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
        _grammar = new MessageGrammar(_manifest);
    }

    public string Name => Title;

    public long AllocationLimit => 16 << 20;

    public byte[] Make(Dice dice)
    {
        var made = dice.OneIn(4) ? _seeds[dice.Below(_seeds.Length)] : Encoding.UTF8.GetBytes(_grammar.Message(dice));
        return dice.OneIn(2) ? made : _mutator.Damage(made, _seeds[dice.Below(_seeds.Length)], dice);
    }

    public bool Run(byte[] input)
    {
        CheckParsing(input);
        var delivery = new Delivery { Id = Delivery, Body = input, ReceivedAt = Noon, Token = this, BrokerUser = Encoding.UTF8.GetString(input) };
        switch (_envelope.Read(delivery))
        {
            case EnvelopeReading.Malformed { Refusal: var refusal }:
                RequireLine(refusal.Reason, 300);
                RequireLine(refusal.RequestType, Envelope.MaxMsgTypeLength);
                RequireLine(refusal.RequestedBy ?? "x", 100);
                return false;
            case EnvelopeReading.Request { Message: var message }:
                BrokenRuleException.Unless(message.MsgType.Value.Length is > 0 and <= Envelope.MaxMsgTypeLength, "a type without bounds");
                RequireLine(message.RequestedBy ?? "x", 100);
                RequireLine(message.BrokerUser ?? "x", 100);
                CheckCapability(message);
                return true;
            default:
                return true;
        }
    }

    public void Dispose()
    {
    }

    // The runtime's own reader must take what ours took, within the limits that we promise.
    private static void CheckParsing(byte[] input)
    {
        if (!JsonText.TryParse(input, out var root, out var reason))
        {
            RequireLine(reason, 300);
            return;
        }

        BrokenRuleException.Unless(input.Length <= JsonText.MaxBytes, "a longer body than promised was taken");
        var written = JsonSerializer.SerializeToUtf8Bytes(root);
        using var again = JsonDocument.Parse(written, new JsonDocumentOptions { MaxDepth = JsonText.MaxDepth, AllowDuplicateProperties = false });
        BrokenRuleException.Unless(JsonSerializer.SerializeToUtf8Bytes(again.RootElement).AsSpan().SequenceEqual(written), "what was read reads otherwise when it is written");
    }

    private void CheckCapability(OpsMessage message)
    {
        if (!_manifest.TryFind(message.MsgType, out var capability))
        {
            return;
        }

        var reading = capability.ReadFields(message.Body);
        foreach (var error in reading.Errors)
        {
            RequireLine(error.ToString(), 1000);
        }

        _ = capability.MarkerPath(reading.Values);
        if (reading.Errors.Count == 0)
        {
            CheckWork(capability, capability.ToWork(reading.Values, Noon));
        }
    }

    private static void CheckWork(Capability capability, WorkRequest work)
    {
        foreach (var plan in new[] { work.Plan }.Concat(work.LookUps.Select(static l => l.Plan)).OfType<DoerPlan>())
        {
            foreach (var argument in plan.Arguments)
            {
                BrokenRuleException.Unless(!argument.Contains('\0', StringComparison.Ordinal), "an argument that no program can be given");
                var name = argument.Split('=')[0];
                BrokenRuleException.Unless(
                    !argument.StartsWith('-') || capability.Definition.Text.Contains(name, StringComparison.Ordinal),
                    $"an option that the manifest does not name: {argument}");
            }
        }
    }

    private static void RequireLine(string text, int most) => BrokenRuleException.Unless(
        text.Length is > 0 || most < 300 ? text.Length <= most && !text.Any(char.IsControl) && !text.Contains('\u202e', StringComparison.Ordinal) : false,
        $"no line of at most {most} characters: {text}");
}
