namespace OpsAgent.Agent.Bus;

/// <summary>
/// The login that a broker vouches for, in the header <c>JMSXUserID</c>. ActiveMQ Classic (measured with 5.17.2) writes it over whatever
/// the sender wrote. Artemis writes its own first and the sender's after it, so one that is there twice names nobody.
/// </summary>
internal static class VouchedUser
{
    private const string Header = "JMSXUserID";

    /// <summary>The login; null if there is none, more than one, or if some headers were dropped.</summary>
    public static string? Of(IReadOnlyList<KeyValuePair<string, string>> headers, bool someDropped)
    {
        string? user = null;
        foreach (var (name, value) in headers)
        {
            if (name == Header)
            {
                if (user is not null)
                {
                    return null;
                }

                user = value;
            }
        }

        return someDropped || user is "" ? null : user;
    }

    /// <summary>True if the header is there at all: a broker that vouches writes it into every message.</summary>
    public static bool IsNamed(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, _) in headers)
        {
            if (name == Header)
            {
                return true;
            }
        }

        return false;
    }
}
