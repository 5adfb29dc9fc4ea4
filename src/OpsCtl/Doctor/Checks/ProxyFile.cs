using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>The proxy that doers use, checked as they check it.</summary>
internal static class ProxyFile
{
    /// <summary>Names the proxy.</summary>
    public const string Variable = "X509_USER_PROXY";

    private const string Usual = "/data/wenauseic/longproxy-for-rucio";

    /// <summary>Where it is; what doers take when nothing is named.</summary>
    public static string PathOf(DoerEnvironment environment) => environment.AbsolutePath(Variable, Usual);

    /// <summary>Reads it for the user that counts; if that is not known, any owner is taken.</summary>
    /// <exception cref="DoerException">It is not there, has expired, is open to others or can't be read.</exception>
    public static ProxyCredential Load(string path, DoctorScene scene) =>
        ProxyCredential.Load(path, scene.User ?? FileStatus.Of(path)?.Owner ?? 0, scene.Time);
}
