namespace OpsAgent.Stomp.Protocol;

/// <summary>Every command of the three versions, the client's and the server's.</summary>
internal enum StompCommand
{
    Connect,
    Stomp,
    Connected,
    Send,
    Subscribe,
    Unsubscribe,
    Ack,
    Nack,
    Begin,
    Commit,
    Abort,
    Disconnect,
    Message,
    Receipt,
    Error,
}

internal static class StompCommands
{
    /// <summary>No command is longer; a longer first line is no frame.</summary>
    public const int LongestName = 11;

    private static readonly byte[][] Names = [.. Enum.GetNames<StompCommand>().Select(n => System.Text.Encoding.ASCII.GetBytes(n.ToUpperInvariant()))];

    /// <summary>As it stands on the wire.</summary>
    public static ReadOnlySpan<byte> Name(this StompCommand command) => Names[(int)command];

    /// <summary>The same, for people.</summary>
    public static string Text(this StompCommand command) => System.Text.Encoding.ASCII.GetString(command.Name());

    public static bool TryParse(ReadOnlySpan<byte> name, out StompCommand command)
    {
        for (var i = Names.Length - 1; i >= 0; i--)
        {
            if (name.SequenceEqual(Names[i]))
            {
                command = (StompCommand)i;
                return true;
            }
        }

        command = default;
        return false;
    }

    /// <summary>CONNECT and CONNECTED stand before any agreement on a version, so their headers are never escaped.</summary>
    public static bool EscapesHeaders(this StompCommand command) =>
        command is not (StompCommand.Connect or StompCommand.Stomp or StompCommand.Connected);

    /// <summary>Only these may have a body from 1.1 on; a large one elsewhere is no message but an error.</summary>
    public static bool MayHaveBody(this StompCommand command) =>
        command is StompCommand.Send or StompCommand.Message or StompCommand.Error;
}
