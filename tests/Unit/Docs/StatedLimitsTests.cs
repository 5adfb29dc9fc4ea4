using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Tests.Unit.Architecture;
using OpsAgent.Tests.Unit.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>The figures that the pages state are those in force.</summary>
public sealed class StatedLimitsTests
{
    private static readonly EventsOptions Events = new();
    private static readonly WorkOptions Work = new();
    private static readonly LaunchingOptions Launching = new();
    private static readonly HoldingLimits Held = new();
    private static readonly CapabilityDefinition Bare = Manifests.WithFields("").Definition;

    [Fact]
    public void Those_of_the_wire() => AssertStates(
        "docs/wire.md",
        $"at most {JsonText.MaxBytes / 1024} KiB, nested at most {JsonText.MaxDepth} deep",
        $"at most {Envelope.MaxMsgTypeLength} characters. `opsctl",
        $"1 to {RequestId.MaxLength} of `A-Z",
        $"one line of at most {Settlement.MaxReason} characters",
        $"{Held.Count:#,0} requests or {Held.Bytes >> 20} MiB are held already",
        $"started again after {Work.RetryDelay.TotalSeconds} s, {Words(Work.MaxRetries)} times",
        $"remembered {Work.Retention.TotalDays} days, those of `skipped` requests {Words((int)Work.RefusalRetention.TotalDays)} day.",
        $"at most {Words(Events.RefusalsPerSecond)} a second are published",
        $"drop a settlement after {Events.SettlementMaxAge.TotalMinutes} minutes",
        $"the broker for {Events.PageEventMaxAge.TotalMinutes} minutes is dropped");

    [Fact]
    public void Those_of_capabilities() => AssertStates(
        "docs/capabilities.md",
        $"characters, 1 to {TextType.Largest}.",
        $"required: 1 to {ListType.MostItems} |",
        $"| `grace` | `\"{Bare.Grace.TotalSeconds}s\"` |",
        $"| `max_pending` | {Bare.MaxPending} |",
        $"last {Launching.StdoutTailBytes >> 10} KiB are kept; of stderr {Launching.MaxLoggedLines:#,0} lines or {Launching.MaxLoggedBytes >> 20} MiB",
        $"after {Work.RetryDelay.TotalSeconds} s, {Words(Work.MaxRetries)} times");

    [Fact]
    public void Those_of_the_map() => AssertStates(
        "docs/architecture.md",
        $"{Held.Count:#,0} deliveries or {Held.Bytes >> 20} MiB",
        $"at most {LedgerWriter.MaxBatch} together",
        $"After {Words(Work.MaxUnendedStarts)} starts without an end",
        $"older than {Events.PageEventMaxAge.TotalMinutes} minutes are dropped");

    private static void AssertStates(string page, params string[] phrases)
    {
        var text = string.Join(' ', Checkout.Read(page).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain(phrases, p => !text.Contains(p, StringComparison.Ordinal));
    }

    private static string Words(int number) => number switch { 1 => "one", 3 => "three", 10 => "ten", _ => number.ToString() };
}
