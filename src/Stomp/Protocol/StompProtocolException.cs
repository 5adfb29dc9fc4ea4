namespace OpsAgent.Stomp.Protocol;

/// <summary>What a peer did against the protocol or against the limits.</summary>
internal enum StompProtocolError
{
    /// <summary>A frame begins with something that is no command.</summary>
    UnknownCommand,

    /// <summary>A header line has no colon.</summary>
    MalformedHeader,

    /// <summary>A header holds an escape sequence that its version does not know.</summary>
    UndefinedEscape,

    /// <summary>A content-length is no decimal number.</summary>
    InvalidContentLength,

    /// <summary>There is no NUL where content-length puts it.</summary>
    MissingTerminator,

    /// <summary>More headers than <see cref="StompLimits.MaxHeaders"/>, and no MESSAGE.</summary>
    TooManyHeaders,

    /// <summary>More header bytes than <see cref="StompLimits.MaxHeaderBytes"/>, and no MESSAGE.</summary>
    HeadersTooLarge,

    /// <summary>A body over <see cref="StompLimits.MaxBodyBytes"/> in a frame that should have none.</summary>
    BodyTooLarge,

    /// <summary>The version that the server chose was not offered, or is not known.</summary>
    UnsupportedVersion,

    /// <summary>A frame that makes no sense where it came.</summary>
    UnexpectedFrame,
}

/// <summary>The peer broke the protocol or a limit; the connection can't go on.</summary>
internal sealed class StompProtocolException(StompProtocolError error, string message) : StompException(message)
{
    /// <summary>What it was.</summary>
    public StompProtocolError Error { get; } = error;
}
