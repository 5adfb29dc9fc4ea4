namespace OpsAgent.OpsCtl.Completion;

/// <summary>A word that may stand at the cursor, and what it means.</summary>
internal readonly record struct Suggestion(string Word, string Description);
