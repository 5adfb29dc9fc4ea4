using System.Text.Json;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Tests.Unit.Schema;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>Manifests and messages for tests.</summary>
internal static class Manifests
{
    public static readonly IReadOnlyDictionary<string, string> NoEnvironment = new Dictionary<string, string>();

    /// <summary>What stands above the keys under test: a lane, a credential and the keys that every capability needs.</summary>
    public const string Head = """
        [lane.work]
        slots = 2
        [credential.proxy]
        env = "X509_USER_PROXY"
        [capability.act]
        description = "acts"
        lane = "work"

        """;

    /// <summary>Reads a manifest, and sees to it that the schema takes it too if the reader does.</summary>
    public static ManifestReading Parse(string text, IReadOnlyDictionary<string, string>? environment = null)
    {
        var reading = ManifestReader.Parse(text, "m.toml", environment ?? NoEnvironment);
        Schemas.TakesWhatTheReaderTakes(text, reading);
        return reading;
    }

    public static Manifest Valid(string text, IReadOnlyDictionary<string, string>? environment = null)
    {
        var reading = Parse(text, environment);
        Assert.Empty(reading.Errors.Select(static e => e.ToString()));
        return reading.Manifest!;
    }

    /// <summary>The one capability of a manifest made of <see cref="Head"/> and these keys.</summary>
    public static Capability Act(string keys, IReadOnlyDictionary<string, string>? environment = null) =>
        Assert.Single(Valid(Head + keys, environment).Capabilities);

    /// <summary>A capability with these fields and a doer of no arguments.</summary>
    public static Capability WithFields(string fields) =>
        Act($"""
            doer = ["act"]
            timeout = "1s"
            [capability.act.fields]
            {fields}
            """);

    public static Capability Find(this Manifest manifest, string type)
    {
        Assert.True(manifest.TryFind(new MsgType(type), out var capability), $"no {type}");
        return capability!;
    }

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static RunFacts Facts(RunResult result, string? reason = null, int? attempts = null) =>
        new() { RequestId = new RequestId("r-1"), Result = result, Reason = reason ?? result.Reason, Attempts = attempts };

    public static RunResult Ok(string stdout = "") =>
        new() { Outcome = Outcome.Ok, Ran = true, ExitCode = 0, Stdout = stdout, Duration = TimeSpan.FromMilliseconds(1500) };

    public static RunResult Exit(int code, string reason, Outcome outcome = Outcome.Error, string stdout = "") =>
        new() { Outcome = outcome, Ran = true, ExitCode = code, Reason = reason, Stdout = stdout };

    public static RunResult TimedOut(int seconds) =>
        new() { Outcome = Outcome.Timeout, Ran = true, Reason = $"timed out after {seconds}s", Duration = TimeSpan.FromSeconds(seconds + 1) };

    /// <summary>The work of a request, whenever it came.</summary>
    public static WorkRequest ToWork(this Capability capability, FieldValues values) => capability.ToWork(values, DateTimeOffset.UnixEpoch);

    /// <summary>Judges a run and renders its events, as a handler does.</summary>
    public static (Outcome Outcome, IReadOnlyList<string> Events) Conclude(this Capability capability, string body, RunResult result, int? attempts = null)
    {
        var values = capability.ReadFields(Json(body)).Values;
        var facts = Facts(result, attempts: attempts);
        var (outcome, reason) = capability.Judge(values, facts);
        var events = capability.Events(outcome, values, facts with { Reason = reason });
        return (outcome, [.. events.Select(static e => $"{e.MsgType} {e.Fields.ToJsonString()}")]);
    }
}
