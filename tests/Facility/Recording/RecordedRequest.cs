namespace OpsAgent.Tests.Facility.Recording;

/// <summary>One request as it came.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">The headers, names compared without case.</param>
/// <param name="Body">The body as text.</param>
/// <param name="ClientSubject">The client certificate's subject; null without one.</param>
public sealed record RecordedRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body, string? ClientSubject);
