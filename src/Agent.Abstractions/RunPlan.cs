namespace OpsAgent.Abstractions;

/// <summary>What to run, apart from where. A process on this host is one kind; a batch system's job will be another.</summary>
public abstract record RunPlan;
