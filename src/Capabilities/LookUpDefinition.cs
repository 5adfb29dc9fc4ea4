using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities;

/// <summary>One <c>[[capability.NAME.look_up]]</c>.</summary>
/// <param name="Doer">What is run.</param>
/// <param name="Answers">What its exit codes say of the work; any other says nothing.</param>
public sealed record LookUpDefinition(CommandDefinition Doer, IReadOnlyDictionary<int, Outcome> Answers);
