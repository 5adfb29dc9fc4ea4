namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>A way for a call to go wrong.</summary>
public sealed record RucioFault
{
    /// <summary>Calls that it meets; later ones are answered well.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>Wait before whatever comes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Never answer.</summary>
    public bool Hang { get; init; }

    /// <summary>Break the connection before the answer.</summary>
    public bool Abort { get; init; }

    /// <summary>Promise more bytes than are sent.</summary>
    public bool Truncate { get; init; }

    /// <summary>Answer 200 without a token.</summary>
    public bool OmitToken { get; init; }

    /// <summary>Answer with this status.</summary>
    public int? Status { get; init; }

    /// <summary>With the status: Rucio's name for the error.</summary>
    public string? ExceptionClass { get; init; }

    /// <summary>Answer 302 to there.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>Answer 200 with this body.</summary>
    public string? Body { get; init; }

    /// <summary>With the body: its content type.</summary>
    public string ContentType { get; init; } = "application/x-json-stream";
}
