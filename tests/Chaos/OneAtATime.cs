using Xunit;

namespace OpsAgent.Tests.Chaos;

/// <summary>Each starts an agent and loads it, and a small machine has room for one.</summary>
[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;
