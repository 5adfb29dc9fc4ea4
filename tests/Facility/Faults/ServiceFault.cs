namespace OpsAgent.Tests.Facility.Faults;

/// <summary>A way for a call of any service to go wrong.</summary>
public record ServiceFault
{
    /// <summary>Calls that it meets; later ones are answered well.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>Calls that pass before it meets any.</summary>
    public int After { get; init; }

    /// <summary>Wait before whatever comes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Never answer.</summary>
    public bool Hang { get; init; }

    /// <summary>Break the connection before the answer.</summary>
    public bool Abort { get; init; }

    /// <summary>Do what was asked, then break the connection: the caller can't know.</summary>
    public bool AbortAfter { get; init; }

    /// <summary>Promise more bytes than are sent.</summary>
    public bool Truncate { get; init; }

    /// <summary>Answer with this status.</summary>
    public int? Status { get; init; }

    /// <summary>With the status: tell the request's headers again in the status line, the error's headers and the body.</summary>
    public bool Echoes { get; init; }

    /// <summary>With the status: a Retry-After header.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Answer 302 to there.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>Answer 200 with this body.</summary>
    public string? Body { get; init; }

    /// <summary>With the body: its content type.</summary>
    public string ContentType { get; init; } = "application/x-json-stream";
}
