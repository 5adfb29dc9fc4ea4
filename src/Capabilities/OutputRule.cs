using System.Text.RegularExpressions;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>
/// What a doer must have printed for its success to count: a submission without an id is none. Looked at when the exit
/// code says ok or unrecorded.
/// </summary>
/// <param name="Stdout">Searched in the trimmed stdout. Never backtracks, so no output can make it slow.</param>
/// <param name="Otherwise">The outcome when it is not found.</param>
/// <param name="Reason">Why, then.</param>
public sealed record OutputRule(Regex Stdout, Outcome Otherwise, Template Reason);
