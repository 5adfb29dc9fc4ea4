using System.Buffers;

namespace OpsAgent.Agent.Handlers;

/// <summary>
/// Which destinations a message may have answered: a pong to the ops queue would come back for ever, one to an event topic
/// would go to every browser. Only plain names are allowed, since brokers read more into others: lists (<c>a,b</c>), wildcards,
/// options (<c>?x=y</c>) and destinations of another kind (<c>topic://x</c>, <c>address::queue</c>).
/// </summary>
/// <param name="forbidden">The ops queue and the event topics.</param>
internal sealed class ReplyDestinations(IReadOnlyCollection<string> forbidden)
{
    private const int MaxLength = 255;

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-/");

    private static readonly string[] Prefixes = ["/queue/", "/topic/", "/temp-queue/"];

    public bool Allows(string destination, out string reason)
    {
        reason = destination.Length > MaxLength ? $"reply_to has more than {MaxLength} characters"
            : destination.AsSpan().ContainsAnyExcept(Plain) || destination.Contains("//", StringComparison.Ordinal)
                || destination.Contains("::", StringComparison.Ordinal) ? "reply_to may hold letters, digits and . _ : - / only"
            : !Array.Exists(Prefixes, p => destination.Length > p.Length && destination.StartsWith(p, StringComparison.Ordinal)) ? "reply_to must begin with /queue/, /topic/ or /temp-queue/"
            : forbidden.Contains(destination) ? "reply_to must be neither the ops queue nor an event topic"
            : "";
        return reason.Length == 0;
    }
}
