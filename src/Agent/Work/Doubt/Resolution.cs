using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Doubt;

/// <summary>What came of an attempt to end a doubt.</summary>
/// <param name="Done">True if it is settled now; false if the result does not tell enough, or somebody else was first.</param>
/// <param name="Conclusion">What the result means; <see cref="Outcome.Unknown"/> if it does not tell enough, with the reason.</param>
internal sealed record Resolution(bool Done, Conclusion Conclusion);
