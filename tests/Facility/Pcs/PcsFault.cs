using OpsAgent.Tests.Facility.Faults;

namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>A way for a call of PCS to go wrong.</summary>
public sealed record PcsFault : ServiceFault
{
    /// <summary>The monitor's login page, as who has a wrong base URL meets it.</summary>
    public static PcsFault LoginPage => new() { Body = "<!DOCTYPE html><html>Sign in</html>", ContentType = "text/html" };

    /// <summary>The redirect to the login.</summary>
    public static PcsFault LoginRedirect => new() { RedirectTo = "https://cilogon.org/authorize?client_id=secret" };
}
